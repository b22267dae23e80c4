import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '@polyglot-notes/service-kit/testing';
import { MongoClient } from 'mongodb';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { documentdbPrograms } from '../../src/mongodb/documentdb.ts';
import { type Mongo, startMongo } from '../../src/mongodb/mongodb.ts';
import { postmasterFile } from '../../src/postgres/leftover.ts';
import { isAlive } from '../../src/servers/running-processes.ts';
import { killedStart } from './killed-start.ts';
import { cache, emptyFolder } from './stack.ts';

let place: Awaited<ReturnType<typeof emptyFolder>>;
let port: number;
let running: Mongo | undefined;

beforeAll(async () => {
  place = await emptyFolder();
  port = await freePort();
  await documentdbPrograms(cache, () => {});
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(() => place.remove());

async function start(dataDir: string): Promise<Mongo> {
  // A folder with DocumentDB's data selects DocumentDB, even where MongoDB's own server is available.
  await mkdir(join(dataDir, 'documentdb/postgres'), { recursive: true });
  running = await startMongo({ dataDir, port, cacheDir: cache, progress: () => {}, env: {}, durable: true });
  expect(running.kind).toBe('documentdb');
  return running;
}

async function inDatabase<Result>(work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  const client = await new MongoClient(`mongodb://127.0.0.1:${port}`).connect();
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const put = () =>
  inDatabase((client) => client.db('app').collection<{ _id: number }>('t').insertOne({ _id: 1 }));
const get = () => inDatabase((client) => client.db('app').collection('t').find().toArray());
const gateway = async (folder: string) => Number(await readFile(join(folder, 'mongod.lock'), 'utf8'));
const storage = async (folder: string) => (await postmasterFile(join(folder, 'postgres')))?.pid ?? 0;

test('data survive a stop and a start, and nothing runs in between', async () => {
  const dataDir = join(place.folder, 'again');
  const first = await start(dataDir);
  await put();
  const processes = [await gateway(join(dataDir, 'documentdb')), await storage(join(dataDir, 'documentdb'))];
  await first.stop();
  expect(processes.map(isAlive)).toEqual([false, false]);
  await start(dataDir);
  expect(await get()).toEqual([{ _id: 1 }]);
});

test('the servers of a killed start are stopped, and their data are kept', async () => {
  const dataDir = join(place.folder, 'orphan');
  await start(dataDir);
  await put();
  await running?.stop();
  await killedStart('documentdb', join(dataDir, 'documentdb'), port);
  await start(dataDir);
  expect(await get()).toEqual([{ _id: 1 }]);
});

test('a killed gateway is reported in a sentence, and the next start stops its storage', async () => {
  const dataDir = join(place.folder, 'gateway');
  const { exited } = await start(dataDir);
  await put();
  const left = await storage(join(dataDir, 'documentdb'));
  process.kill(await gateway(join(dataDir, 'documentdb')), 'SIGKILL');
  expect(await exited).toBe('MongoDB (DocumentDB) ended by itself (signal SIGKILL).');
  expect(isAlive(left)).toBe(true);
  await start(dataDir);
  expect(isAlive(left)).toBe(false);
  expect(await get()).toEqual([{ _id: 1 }]);
});

test('a storage that dies ends the server, which reports the reason', async () => {
  const dataDir = join(place.folder, 'storage');
  const { exited } = await start(dataDir);
  await put();
  process.kill(await storage(join(dataDir, 'documentdb')), 'SIGKILL');
  expect(await exited).toContain('DocumentDB ended by itself (signal SIGKILL)');
  await start(dataDir);
  expect(await get()).toEqual([{ _id: 1 }]);
});

test('the next start works after everything was killed at once', async () => {
  const dataDir = join(place.folder, 'all');
  const { exited } = await start(dataDir);
  await put();
  const folder = join(dataDir, 'documentdb');
  for (const pid of [await gateway(folder), await storage(folder)]) process.kill(pid, 'SIGKILL');
  await exited;
  await start(dataDir);
  expect(await get()).toEqual([{ _id: 1 }]);
});

test('a taken port is named', async () => {
  await start(join(place.folder, 'again'));
  const second = startMongo({
    dataDir: join(place.folder, 'second'),
    port,
    cacheDir: cache,
    progress: () => {},
    env: {},
  });
  await expect(second).rejects.toThrow(`cannot listen on port ${port} because another program does`);
});

test('an unreachable MONGODB_URL is named without its password', async () => {
  const env = { MONGODB_URL: `mongodb://me:secret@127.0.0.1:${await freePort()}/app` };
  const outcome = startMongo({ dataDir: place.folder, port, cacheDir: cache, progress: () => {}, env });
  await expect(outcome).rejects.toThrow('No MongoDB answers at MONGODB_URL mongodb://me:…@127.0.0.1');
  await expect(outcome).rejects.not.toThrow('secret');
});

test('a MongoDB at MONGODB_URL is used unchanged and left running', async () => {
  const own = await start(join(place.folder, 'again'));
  const dataDir = join(place.folder, 'untouched');
  const external = await startMongo({
    dataDir,
    port: 1,
    cacheDir: cache,
    progress: () => {},
    env: { MONGODB_URL: own.url },
  });
  expect(external).toMatchObject({ kind: 'external', url: own.url });
  await external.stop();
  expect(await get()).toEqual([{ _id: 1 }]);
  expect(await readdir(place.folder)).not.toContain('untouched');
});
