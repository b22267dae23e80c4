import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { baseApp, createLogger, createMetrics, currentSpan } from '@polyglot-notes/service-kit';
import { listening, recordTracing, send, serverUrl, until } from '@polyglot-notes/service-kit/testing';
import { createRevisionWatch } from '../src/changes/revision-watch.ts';
import { connect, createReader, type Reader } from '../src/database.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { traceQueries } from '../src/trace-queries.ts';
import { createDatabase } from './database.ts';

const { tracing, ended } = recordTracing();
/** The spans of queries, by the `traceparent` of their request. */
const queries = () =>
  ended
    .filter(({ name }) => name !== 'request')
    .map(({ of, name, outcome }) => ({ of, name, failed: outcome?.error !== undefined }));

let db: PrismaClient;
let reader: Reader;
let server: Server;
/** The spans in which the revisions of owners were read. */
const polledIn: unknown[] = [];
beforeAll(async () => {
  const url = await createDatabase();
  const options = { connections: 1, observe: traceQueries };
  db = await connect(url, options);
  reader = createReader(url, options);
  const log = createLogger('test', 'silent');
  const app = baseApp(log, createMetrics(log), { tracing });
  app.get('/prisma', async (_req, res) => void res.json(await db.$queryRaw`select 1`));
  app.get('/pool', async (_req, res) => void res.json(await reader.read(Prisma.sql`select pg_sleep(0.05)`)));
  const watch = createRevisionWatch({
    async revisions() {
      polledIn.push(currentSpan());
      return [{ id: 'a user', rev: 1 }];
    },
    log,
    pollMs: 1,
  });
  app.get('/watch', async (_req, res) => {
    const watcher = watch.watch('a user');
    await watcher.changeAfter(0, new AbortController().signal);
    watcher.stop();
    res.end();
  });
  app.get('/fault', async (_req, res) => {
    await reader.read(Prisma.sql`select * from nowhere`).catch(() => {});
    res.end();
  });
  server = await listening(app);
});
afterAll(async () => {
  server.close();
  await Promise.all([db.$disconnect(), reader.close()]);
});

const get = (path: string, traceparent: string) =>
  send(serverUrl(server), path, { headers: { traceparent } });

test.each(['/prisma', '/pool'])(
  'each query of %s is a span of its request, also if it waits',
  async (path) => {
    ended.length = 0;
    const ids = ['first', 'second', 'third'].map((id) => `${id} ${path}`);
    const answers = await Promise.all(ids.map((id) => get(path, id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await until(() => queries().length === ids.length);
    expect(queries().toSorted((a, b) => String(a.of).localeCompare(String(b.of)))).toEqual(
      ids.toSorted().map((id) => ({ of: id, name: 'postgresql', failed: false })),
    );
  },
);

test('a query that fails is a failed span', async () => {
  ended.length = 0;
  await get('/fault', 'faulty');
  await until(() => queries().length === 1);
  expect(queries()).toEqual([{ of: 'faulty', name: 'postgresql', failed: true }]);
});

test('the poll for requests that wait for changes belongs to none of them', async () => {
  await get('/watch', 'waiting');
  expect(polledIn).toEqual([undefined]);
});
