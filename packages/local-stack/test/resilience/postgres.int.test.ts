import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '@polyglot-notes/service-kit/testing';
import { Client } from 'pg';
import { postmasterFile } from '../../src/postgres/leftover.ts';
import type { PostgresServer } from '../../src/postgres/server.ts';
import { type PostgresStart, startPostgres } from '../../src/postgres/postgres.ts';
import { isAlive } from '../../src/servers/running-processes.ts';
import { killedStart } from './killed-start.ts';
import { cache, emptyFolder } from './stack.ts';

let place: Awaited<ReturnType<typeof emptyFolder>>;
let port: number;
let running: PostgresServer | undefined;

beforeAll(async () => {
  place = await emptyFolder();
  port = await freePort();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(() => place.remove());

async function start(name: string, more: Partial<PostgresStart> = {}) {
  const dataDir = join(place.folder, name);
  const server = await startPostgres({
    dataDir,
    port,
    password: 'a ü/@:',
    cacheDir: cache,
    progress: () => {},
    durable: false,
    ...more,
  });
  running = server;
  return { ...server, dataDir };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('the first start creates a UTF-8 server that requires the password', async () => {
  const { url } = await start('first');
  expect(await query(url, "select current_setting('server_encoding') encoding, upper('é') upper")).toEqual([
    { encoding: 'UTF8', upper: 'É' },
  ]);
  await expect(query(url.replace(/:[^:@]*@/, ':wrong@'), 'select 1')).rejects.toThrow('password');
});

test('the planner is set for an SSD, and the memory for a small machine', async () => {
  const { url } = await start('first');
  const rows = await query(
    url,
    `select name, current_setting(name) as value
     from unnest(array['random_page_cost', 'shared_buffers', 'effective_cache_size', 'work_mem', 'jit']) as name`,
  );
  expect(rows).toEqual([
    { name: 'random_page_cost', value: '1.1' },
    { name: 'shared_buffers', value: '256MB' },
    { name: 'effective_cache_size', value: '1GB' },
    { name: 'work_mem', value: '16MB' },
    { name: 'jit', value: 'off' },
  ]);
});

test('the extensions of the services are available', async () => {
  const { url } = await start('first');
  const names = ['btree_gin', 'pg_trgm', 'pgcrypto', 'unaccent'];
  for (const name of names) await query(url, `create extension ${name}`);
  const rows = await query(url, "select extname from pg_extension where extname <> 'plpgsql' order by 1");
  expect(rows).toEqual(names.map((extname) => ({ extname })));
});

test('no other user can read the data', async () => {
  const { dataDir } = await start('first');
  expect((await stat(dataDir)).mode & 0o077).toBe(0);
});

test('data survive a stop and a start', async () => {
  const first = await start('data', { durable: true });
  await query(first.url, 'create table t as select 1 a');
  await first.stop();
  expect(await postmasterFile(first.dataDir)).toBeUndefined();
  const second = await start('data', { durable: true });
  expect(await query(second.url, 'select a from t')).toEqual([{ a: 1 }]);
});

test('a server that a killed start left behind is stopped, and its data are kept', async () => {
  const dataDir = join(place.folder, 'orphan');
  await killedStart('postgres', dataDir, port);
  const orphan = (await postmasterFile(dataDir))?.pid ?? 0;
  expect(isAlive(orphan)).toBe(true);
  const { url } = await start('orphan', { password: 'p' });
  expect(isAlive(orphan)).toBe(false);
  expect(await query(url, 'select 1 a')).toEqual([{ a: 1 }]);
});

test('the next start works after a server was killed with its start', async () => {
  const dataDir = join(place.folder, 'dead');
  await killedStart('postgres', dataDir, port);
  process.kill((await postmasterFile(dataDir))?.pid ?? 0, 'SIGKILL');
  const { url } = await start('dead', { password: 'p' });
  expect(await query(url, 'select 1 a')).toEqual([{ a: 1 }]);
});

test('a start works when another program has the process id in postmaster.pid', async () => {
  const { dataDir, ...server } = await start('reused');
  const notes = await readFile(join(dataDir, 'postmaster.pid'), 'utf8');
  await server.stop();
  await writeFile(join(dataDir, 'postmaster.pid'), notes.replace(/^\d+/, String(process.pid)));
  const { url } = await start('reused');
  expect(await query(url, 'select 1 a')).toEqual([{ a: 1 }]);
});

test('an initdb that was killed half way is repeated', async () => {
  const unfinished = join(place.folder, 'half.unfinished');
  await mkdir(join(unfinished, 'base'), { recursive: true });
  await writeFile(join(unfinished, 'PG_VERSION'), '18\n');
  const { url, dataDir } = await start('half');
  expect(await query(url, 'select 1 a')).toEqual([{ a: 1 }]);
  expect((await readdir(place.folder)).filter((name) => name.startsWith('half'))).toEqual([
    'half',
    'half.log',
  ]);
  expect(await readdir(dataDir)).toContain('PG_VERSION');
});

test('a folder with other files is not changed', async () => {
  const dataDir = join(place.folder, 'foreign');
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'thesis.txt'), '');
  await expect(start('foreign')).rejects.toThrow('holds no PostgreSQL data but other files');
  expect(await readdir(dataDir)).toEqual(['thesis.txt']);
});

test('a taken port is named', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
  const address = taken.address();
  const its = typeof address === 'object' && address ? address.port : 0;
  await expect(start('first', { port: its })).rejects.toThrow(`cannot listen on port ${its}`);
  await new Promise((resolve) => taken.close(resolve));
});

test('a server that ends by itself is reported in a sentence', async () => {
  const { exited, dataDir } = await start('first');
  process.kill((await postmasterFile(dataDir))?.pid ?? 0, 'SIGKILL');
  expect(await exited).toBe(`PostgreSQL ended by itself (signal SIGKILL); its log is ${dataDir}.log.`);
});

test('a cache folder that the server cannot reach is named', async () => {
  if (process.getuid?.() !== 0) return; // only root needs another account, and so a folder that it can reach
  const closed = join(place.folder, 'closed');
  await mkdir(closed);
  await chmod(closed, 0o700);
  await expect(start('first', { cacheDir: join(closed, 'cache') })).rejects.toThrow('set LOCAL_CACHE_DIR');
  await rm(closed, { recursive: true });
});
