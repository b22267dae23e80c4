// Applies the migrations in prisma/migrations with Prisma's schema engine as WebAssembly, so that no native engine has
// to be downloaded. It keeps the table `_prisma_migrations`, like `prisma migrate deploy`. The engine holds its advisory
// lock until its connection ends, so it runs in a process of its own. With `--to NAME`, applies no migration after this one.
import { readFile, readdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import { env, errorCode, readEnv } from '@polyglot-notes/service-kit';
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

// In the transaction of the migration. The engine records the end once more, but its process can die before that.
const recordEnd = `;
UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL`;

/** Runs each migration as one script, which PostgreSQL applies completely or not at all. The adapter would split it at each `;`. */
function withWholeScripts(factory: PrismaPg): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) =>
      void (await adapter.executeRaw({ sql: `${script}\n${recordEnd}`, args: [], argTypes: [] }));
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
  const adapter = bindMigrationAwareSqlAdapterFactory(
    withWholeScripts(new PrismaPg({ connectionString, max: 1 })),
  );
  const datamodel: [string, string] = ['schema.prisma', await read('schema.prisma')];
  return SchemaEngine.new({ datamodels: [datamodel] }, () => {}, adapter);
}

async function migrationDirectories(last?: string) {
  const entries = await readdir(new URL('migrations/', prismaFolder), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (last !== undefined && !names.includes(last)) throw new Error(`There is no migration ${last}.`);
  const selected = names.toSorted().filter((name) => last === undefined || name <= last);
  return Promise.all(
    selected.map(async (path) => {
      const sql = await read(`migrations/${path}/migration.sql`);
      return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } } };
    }),
  );
}

const filters = { externalTables: [], externalEnums: [] };
const lockTimeout = /advisory lock/i;
const unfinishedMigration = 'P3009';

/** Applies the migrations that the database lacks, up to `last`. Waits as long as another process migrates it. */
async function migrate(connectionString: string, last?: string): Promise<string[]> {
  const engine = await startEngine(connectionString);
  const migrationsList = {
    baseDir: 'migrations',
    lockfile: { path: 'migration_lock.toml', content: await read('migrations/migration_lock.toml') },
    shadowDbInitScript: '',
    migrationDirectories: await migrationDirectories(last),
  };
  for (let isWaiting = false; ;) {
    try {
      return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
    } catch (error) {
      if (errorCode(error) === unfinishedMigration) {
        // This process has the lock, so the one that began the migration no longer runs, and PostgreSQL has rolled back.
        const { failedMigrationNames } = await engine.diagnoseMigrationHistory({
          migrationsList,
          filters,
          optInToShadowDatabase: false,
        });
        if (failedMigrationNames.length === 0) throw error;
        for (const migrationName of failedMigrationNames)
          await engine.markMigrationRolledBack({ migrationName });
      } else if (Error.isError(error) && lockTimeout.test(error.message)) {
        if (!isWaiting) console.log('Waiting for another process that migrates the database.');
        isWaiting = true;
      } else throw error;
    }
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { to: { type: 'string' } } });
  const { DATABASE_URL } = readEnv(
    z.object({ DATABASE_URL: env.databaseUrl('postgresql', 'postgres') }),
    process.env,
  );
  const applied = await migrate(DATABASE_URL, values.to);
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
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
