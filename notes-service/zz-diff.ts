import { readFile } from 'node:fs/promises';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
const wasm = await readFile(new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg')));
const { instance } = await (globalThis as any).WebAssembly.instantiate(wasm, { './schema_engine_bg.js': { ...glue } });
(glue as any).__wbg_set_wasm(instance.exports); instance.exports.__wbindgen_start();
const schema = await readFile(new URL('./prisma/schema.prisma', import.meta.url), 'utf8');

import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
const f: any = new PrismaPg({ connectionString: process.env.DATABASE_URL! });
const fix = (a: any) => { const q = a.queryRaw.bind(a); a.queryRaw = async (x: any) => { if (process.env.SHOW) console.log(x.sql); x = { ...x, sql: x.sql.replace(/\b(\w+\.)?(contype|confupdtype|confdeltype|relkind|typtype|provolatile|relreplident|amtype|attidentity|attgenerated|relpersistence)\b(?! *[!=])(?! IN)(?=\s*(,|AS|\n|FROM))/gi, '$&::text') }; const r = await q(x); return { ...r, columnTypes: r.columnTypes.map((t: number, i: number) => /constraint_type|confdeltype|confupdtype|^contype|relkind|relreplident|typtype/.test(r.columnNames[i]) ? ColumnTypeEnum.Character : t) }; }; return a; };
for (const m of ['connect','connectToShadowDb']) { const c = f[m].bind(f); f[m] = async () => fix(await c()); }
const adapter = bindMigrationAwareSqlAdapterFactory(f);
const engine = await (glue as any).SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, adapter);
const d = await engine.diff({ from: { tag: 'schemaDatasource', files: [{path:'schema.prisma', content: schema}], configDir: '.' , config:{}}, to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] , configDir:'.'}, script: true, shadowDatabaseUrl: null, exitCode: null, filters: { externalTables: [], externalEnums: [] } });
console.log(d);
process.exit(0);
