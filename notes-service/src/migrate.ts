// Applies the migrations in prisma/migrations with Prisma's schema engine as WebAssembly, so that no native engine has
// to be downloaded. It keeps the table `_prisma_migrations`, like `prisma migrate deploy`. The engine holds its advisory
// lock until its connection ends, so it runs in a process of its own.
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import { env, readEnv } from '@polyglot-notes/service-kit';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { z } from 'zod';

// Only the DOM types declare the WebAssembly API.
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const prismaFolder = new URL('../prisma/', import.meta.url);
const read = (path: string) => readFile(new URL(path, prismaFolder), 'utf8');

/** Runs each migration as one script, which PostgreSQL applies completely or not at all. The adapter would split it at each `;`. */
function withWholeScripts(factory: PrismaPg): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) => void (await adapter.underlyingDriver().query(script));
    return adapter;
  };
  return factory;
}

async function startEngine(connectionString: string) {
  const glueUrl = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = await readFile(new URL('schema_engine_bg.wasm', glueUrl));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': { ...glue } });
  const { __wbg_set_wasm, SchemaEngine } = glue as typeof glue & {
    __wbg_set_wasm: (exports: unknown) => void;
  };
  __wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  const adapter = bindMigrationAwareSqlAdapterFactory(withWholeScripts(new PrismaPg({ connectionString })));
  const datamodel: [string, string] = ['schema.prisma', await read('schema.prisma')];
  return SchemaEngine.new({ datamodels: [datamodel] }, () => {}, adapter);
}

async function migrationDirectories() {
  const entries = await readdir(new URL('migrations/', prismaFolder), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.toSorted().map(async (path) => {
      const sql = await read(`migrations/${path}/migration.sql`);
      return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } } };
    }),
  );
}

async function migrate(connectionString: string): Promise<string[]> {
  const engine = await startEngine(connectionString);
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: {
      baseDir: 'migrations',
      lockfile: { path: 'migration_lock.toml', content: await read('migrations/migration_lock.toml') },
      shadowDbInitScript: '',
      migrationDirectories: await migrationDirectories(),
    },
    filters: { externalTables: [], externalEnums: [] },
  });
  return appliedMigrationNames;
}

const lockTimeout = /advisory lock/i;

async function main(): Promise<void> {
  const { DATABASE_URL } = readEnv(
    z.object({ DATABASE_URL: env.databaseUrl('postgresql', 'postgres') }),
    process.env,
  );
  for (let triesLeft = 6; ; triesLeft--) {
    try {
      const applied = await migrate(DATABASE_URL);
      console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
      return;
    } catch (error) {
      // Another process is migrating. Its migrations count as applied in the next round.
      if (triesLeft === 0 || !Error.isError(error) || !lockTimeout.test(error.message)) throw error;
      await delay(500);
    }
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(
    `The database could not be migrated: ${Error.isError(error) ? error.message : String(error)}`,
  );
  process.exit(1);
}
