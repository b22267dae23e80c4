import { pipeline } from 'node:stream/promises';
import { StartError } from '@polyglot-notes/service-kit';
import pg from 'pg';
import { from as copyFrom, to as copyTo, type CopyToStreamQuery } from 'pg-copy-streams';
import type { Database } from '../database.ts';
import { checkMigrations, type StoredTable } from '../manifest.ts';

export interface PostgresOptions {
  name: string;
  url: string;
  knownMigrations: readonly string[];
  /** Applies the migrations up to `last`, or all of them. */
  migrate: (last?: string) => Promise<void>;
  /** A statement that is run on the restored database. */
  afterRestore: string;
}

const { escapeIdentifier } = pg;

/** Reads and writes a PostgreSQL database through its driver, with COPY. */
export function postgresDatabase(options: PostgresOptions): Database {
  const { name, url, knownMigrations, migrate, afterRestore } = options;

  async function connected<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
    const client = new pg.Client({ connectionString: url });
    // The next query fails as well.
    client.on('error', () => {});
    await client.connect().catch((cause: unknown) => {
      throw new StartError(`The PostgreSQL database ${name} cannot be used: ${String(cause)}`, { cause });
    });
    try {
      await client.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0');
      return await work(client);
    } finally {
      await client.end();
    }
  }

  return {
    name,
    kind: 'postgresql',
    knownMigrations,

    dump: (write) =>
      connected(async (client) => {
        await client.query('begin transaction isolation level repeatable read read only');
        const applied = await appliedMigrations(client);
        checkMigrations(`The PostgreSQL database ${name}`, applied, knownMigrations);
        for (const { name: table, columns } of await dataTables(client)) {
          const copy = client.query(
            copyTo(`copy (select ${list(columns)} from ${escapeIdentifier(table)}) to stdout`),
          );
          await write({ name: table, columns, content: wholeCopy(client, copy), rows: () => copy.rowCount });
        }
        return applied;
      }),

    isEmpty: () =>
      connected(async (client) => {
        await refuseIfUsed(client, name);
        await refuseUnlessOwned(client, name);
        const { rowCount } = await client.query(
          'select from pg_class where relnamespace = current_schema()::regnamespace limit 1',
        );
        return rowCount === 0;
      }),

    // notes-service is not ready without the other services, which the MongoDB databases do not let start.
    beginRestore: () => Promise.resolve(),
    endRestore: () => Promise.resolve(),

    async restore({ migrations, tables }, read) {
      await connected((client) =>
        client.query(
          "do $$ declare name text = current_schema(); begin execute format('drop schema %I cascade', name); execute format('create schema %I', name); end $$",
        ),
      );
      await migrate(migrations.at(-1));
      const foreign = await connected(async (client) => {
        await client.query('begin');
        const known = new Set((await dataTables(client)).map((table) => table.name));
        for (const table of tables)
          if (known.has(table.name)) await read(table, (content) => load(client, table, content));
        await client.query('commit');
        return tables.flatMap((table) => (known.has(table.name) ? [] : [table.name]));
      });
      await migrate();
      await connected(async (client) => {
        await client.query(afterRestore);
        await client.query('analyze');
      });
      return foreign;
    },
  };
}

const list = (columns: readonly string[]) => columns.map((column) => escapeIdentifier(column)).join(', ');

async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows: found } = await client.query(
    "select from pg_tables where tablename = '_prisma_migrations' and schemaname = current_schema()",
  );
  if (found.length === 0) return [];
  const { rows } = await client.query<{ name: string }>(
    'select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null order by name',
  );
  return rows.map(({ name }) => name);
}

/** The rows of a COPY. Its number of rows arrives after them, but before the result of the next statement. */
async function* wholeCopy(client: pg.Client, copy: CopyToStreamQuery): AsyncGenerator<Buffer> {
  yield* copy;
  await client.query('select 1');
}

/** The tables with data. Generated columns are left out. Throws a StartError when something else has data. */
async function dataTables(client: pg.Client): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; kind: string; columns: string[] }>(`
    select relname as name, relkind as kind, array(
      select attname::text from pg_attribute
      where attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
    ) as columns
    from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'S', 'm', 'f') and not relispartition
      and relname <> '_prisma_migrations'
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
    order by relname`);
  const other = rows.find(({ kind }) => kind !== 'r' && kind !== 'p');
  if (other !== undefined)
    throw new StartError(`${other.name} is no ordinary table: it cannot be backed up.`);
  return rows;
}

/** Other roles may belong to monitoring. */
async function refuseIfUsed(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ count: number }>(`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid() and backend_type = 'client backend'`);
  const count = rows[0]?.count ?? 0;
  if (count > 0)
    throw new StartError(
      `The PostgreSQL database ${name} is in use, by ${count} ${count === 1 ? 'connection' : 'connections'}: stop all services first.`,
    );
}

/** A restore drops the schema and creates it again. */
async function refuseUnlessOwned(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query(`
    select from pg_namespace where nspname = current_schema()
      and pg_has_role(nspowner, 'usage') and has_database_privilege(current_database(), 'create')`);
  if (rowCount === 0)
    throw new StartError(`The role of a restore must own the PostgreSQL database ${name} and its schema.`);
}

async function load(client: pg.Client, table: StoredTable, content: AsyncIterable<Buffer>): Promise<void> {
  const { name, columns = [], rows } = table;
  const target = client.query(copyFrom(`copy ${escapeIdentifier(name)} (${list(columns)}) from stdin`));
  await pipeline(content, target);
  if (target.rowCount !== rows)
    throw new Error(`${target.rowCount} of ${rows} rows of ${name} were restored.`);
}
