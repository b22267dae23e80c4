import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { until } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { createEmptyDatabase } from '../database.ts';

const service = new URL('../../', import.meta.url);
const partitionNotes = '20261126000000_partition_notes_by_owner';
const keepHistory = '20261127000000_history_trash_and_changes';

async function connectTo(connectionString: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

/** Runs `src/migrate.ts`. The result is its exit code and what it printed. */
function startMigration(connectionString: string) {
  const script = new URL('src/migrate.ts', service).pathname;
  const child = execFile(process.execPath, [script], {
    env: { PATH: process.env['PATH'], DATABASE_URL: connectionString },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      printed += String(text);
    });
  const ended = once(child, 'close').then(([code]): [unknown, string] => [code, printed]);
  return { ended, kill: () => child.kill('SIGKILL') };
}

const applied = [0, `Applied: ${partitionNotes}, ${keepHistory}\n`];
const upToDate = [0, 'The database is up to date.\n'];

const historyTable = `
  create table _prisma_migrations (
    id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
    migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
    started_at timestamptz not null default now(), applied_steps_count integer not null default 0
  )`;

const texts = [
  ['Note 10', 'Käse und Müsli für Øyvind'],
  ['東京タワー', '来週の会議は東京都で行います'],
  ['Заметка', 'Ёлка и подарки'],
  ['Long', 'plain words '.repeat(8_000)],
];

/** A database before a migration: three notes of each text for one of four owners. */
async function createOldDatabase(migration = partitionNotes) {
  const connectionString = await createEmptyDatabase();
  const client = await connectTo(connectionString);
  await client.query(historyTable);
  const folder = new URL('prisma/migrations/', service);
  const names = (await readdir(folder)).filter((name) => /^\d/.test(name) && name < migration);
  for (const name of names.toSorted()) {
    const sql = await readFile(new URL(`${name}/migration.sql`, folder), 'utf8');
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
       values (gen_random_uuid(), $1, now(), $2, 1)`,
      [createHash('sha256').update(sql).digest('hex'), name],
    );
  }
  for (const [index, [title, content]] of texts.entries())
    await client.query(
      `insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at)
       select gen_random_uuid(), md5($1::text)::uuid, $2, $3, array['tag', 't' || n], n = 1, n = 2, n, now(), now()
       from generate_series(1, 3) as n`,
      [index, title, content],
    );
  return { connectionString, client };
}

async function rowsOf(client: pg.Client): Promise<unknown> {
  const { rows } = await client.query(`
    select count(*)::int as count, md5(string_agg(note, ',' order by note)) as hash from (
      select (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at)::text as note
      from notes
    ) as notes`);
  return rows[0];
}

const unfinished = `select from _prisma_migrations where finished_at is null and rolled_back_at is null`;
const isPartitioned = async (client: pg.Client) => {
  const { rows } = await client.query<{ kind: string }>(
    `select relkind as kind from pg_class where relname = 'notes'`,
  );
  return rows[0]?.kind === 'p';
};

test('the notes are the same after the migration that partitions them, and old ones are found', async () => {
  const { connectionString, client } = await createOldDatabase();
  const before = await rowsOf(client);
  expect(await startMigration(connectionString).ended).toEqual(applied);
  expect(await rowsOf(client)).toEqual(before);
  expect(before).toMatchObject({ count: 12 });

  const found = await client.query<{ title: string }>(`
    select title from notes
    where tsv @@ 'muesli' or tsv @@ '京都' or tsv @@ 'елка' or tsv @@ '''plain many'''`);
  expect(new Set(found.rows.map(({ title }) => title))).toEqual(new Set(texts.map(([title]) => title)));
  const { rows: indexes } = await client.query<{ definition: string }>(
    `select replace(indexdef, tablename, 'notes') as definition from pg_indexes where tablename = 'notes_7'`,
  );
  const definitions = indexes.map(({ definition }) => definition.replace(/^.* USING /, ''));
  expect(definitions.toSorted()).toEqual([
    'btree (user_id, created_at, id) WHERE (deleted_at IS NULL)',
    'btree (user_id, deleted_at, id) WHERE (deleted_at IS NOT NULL)',
    'btree (user_id, id)',
    'btree (user_id, rev, id)',
    'btree (user_id, title, id) WHERE (deleted_at IS NULL)',
    'btree (user_id, updated_at, id, archived, pinned) WHERE (deleted_at IS NULL)',
    expect.stringMatching(
      /^gin \(user_id, tags, tsv\) WITH \(fastupdate='?off'?\) WHERE \(deleted_at IS NULL\)$/,
    ),
  ]);
  await client.end();
});

test('the migration to history and trash counts what each owner has stored, and keeps the notes', async () => {
  const { connectionString, client } = await createOldDatabase(keepHistory);
  await client.query(
    `insert into owners (id, rev, erased_at, erased_notes)
     select md5(n::text)::uuid, 7, case when n = 5 then now() end, case when n = 5 then 3 end
     from generate_series(0, 5) as n`,
  );
  const before = await rowsOf(client);
  expect(await startMigration(connectionString).ended).toEqual([0, `Applied: ${keepHistory}\n`]);
  expect(await rowsOf(client)).toEqual(before);
  const { rows } = await client.query(
    `select notes, trashed, versions, bytes::int, rev::int, erased_trashed, erased_versions, erased_keys
     from owners join generate_series(0, 5) as n on id = md5(n::text)::uuid order by n`,
  );
  const counted = { notes: 0, trashed: 0, versions: 0, bytes: 0, rev: 7 };
  const notErased = { erased_trashed: null, erased_versions: null, erased_keys: null };
  const bytesOfTags = 'tagt1'.length;
  expect(rows).toEqual([
    ...texts.map(([title, content]) => ({
      ...counted,
      ...notErased,
      notes: 3,
      bytes: 3 * (Buffer.byteLength(`${title}${content}`) + bytesOfTags),
    })),
    { ...counted, ...notErased },
    { ...counted, erased_trashed: 0, erased_versions: 0, erased_keys: 0 },
  ]);
  const changed = 'select from notes where deleted_at is not null or changed_at is not null or rev <> 0';
  expect((await client.query(changed)).rowCount).toBe(0);
  await client.end();
});

test('a migration that fails reports its error and changes nothing, and is applied once it can be', async () => {
  const { connectionString, client } = await createOldDatabase();
  const before = await rowsOf(client);
  await client.query('create table notes_7 ()');
  for (const _run of [1, 2])
    expect(await startMigration(connectionString).ended).toEqual([
      1,
      expect.stringContaining('relation "notes_7" already exists'),
    ]);
  expect([await isPartitioned(client), await rowsOf(client)]).toEqual([false, before]);
  await client.query('drop table notes_7');
  expect(await startMigration(connectionString).ended).toEqual(applied);
  expect(await rowsOf(client)).toEqual(before);
  await client.end();
});

/** Kills the process of a migration while PostgreSQL runs it. Returns what PostgreSQL still does. */
async function killWhileMigrating(connectionString: string, client: pg.Client) {
  const lock = await connectTo(connectionString);
  await lock.query('begin; lock table notes in access share mode');
  const migration = startMigration(connectionString);
  const waiting = `
    select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%fuzzystrmatch%'`;
  await until(async () => (await client.query(waiting)).rowCount === 1);
  const { rows } = await client.query<{ pid: number }>(waiting);
  migration.kill();
  await migration.ended;
  return { pid: rows[0]?.pid, release: () => lock.end() };
}

test('a migration whose process and connection died is rolled back, and the next run applies it', async () => {
  const { connectionString, client } = await createOldDatabase();
  const before = await rowsOf(client);
  const { pid, release } = await killWhileMigrating(connectionString, client);
  await client.query('select pg_terminate_backend($1)', [pid]);
  await release();
  await until(
    async () => (await client.query(`select from pg_stat_activity where pid = $1`, [pid])).rowCount === 0,
  );
  expect([await isPartitioned(client), await rowsOf(client)]).toEqual([false, before]);
  expect((await client.query(unfinished)).rowCount).toBe(1);
  const together = [startMigration(connectionString), startMigration(connectionString)];
  const results = await Promise.all(together.map(({ ended }) => ended));
  expect(new Set(results)).toEqual(new Set([applied, upToDate]));
  expect(await rowsOf(client)).toEqual(before);
  await client.end();
});

test('a run waits for PostgreSQL to complete a migration whose process died, longer than the time-out of the engine', async () => {
  const { connectionString, client } = await createOldDatabase();
  const before = await rowsOf(client);
  const { release } = await killWhileMigrating(connectionString, client);
  const next = startMigration(connectionString);
  const timedOut = `
    select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'
      and now() - query_start > interval '11 seconds'`;
  await until(async () => (await client.query(timedOut)).rowCount === 1);
  await release();
  const waiting = 'Waiting for another process that migrates the database.\n';
  expect(await next.ended).toEqual([0, `${waiting}Applied: ${keepHistory}\n`]);
  expect([await isPartitioned(client), await rowsOf(client)]).toEqual([true, before]);
  await client.end();
});
