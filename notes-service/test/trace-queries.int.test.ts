import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { baseApp, createLogger, createMetrics, type Tracing } from '@polyglot-notes/service-kit';
import { listening, send, serverUrl, until } from '@polyglot-notes/service-kit/testing';
import { connect, createReader, type Reader } from '../src/database.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { traceQueries } from '../src/trace-queries.ts';
import { createDatabase } from './database.ts';

/** The spans of queries, by the `traceparent` of their request. */
const spans: { of: string; name: string; failed: boolean | undefined }[] = [];

function spanOf(traceparent: string): ReturnType<Tracing['resume']> {
  return {
    traceId: traceparent,
    traceparent,
    child(name) {
      const span: (typeof spans)[number] = { of: traceparent, name, failed: undefined };
      spans.push(span);
      return { ...spanOf(traceparent)!, end: ({ error } = {}) => (span.failed = error !== undefined) };
    },
    end: () => {},
  };
}

let db: PrismaClient;
let reader: Reader;
let server: Server;
beforeAll(async () => {
  const url = await createDatabase();
  const options = { connections: 1, observe: traceQueries };
  db = await connect(url, options);
  reader = createReader(url, options);
  const log = createLogger('test', 'silent');
  const tracing: Tracing = {
    begin: () => undefined,
    resume: (traceparent) => (typeof traceparent === 'string' ? spanOf(traceparent) : undefined),
    close: async () => {},
  };
  const app = baseApp(log, createMetrics(log), { tracing });
  app.get('/prisma', async (_req, res) => void res.json(await db.$queryRaw`select 1`));
  app.get('/pool', async (_req, res) => void res.json(await reader.read(Prisma.sql`select pg_sleep(0.05)`)));
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
    spans.length = 0;
    const ids = ['first', 'second', 'third'].map((id) => `${id} ${path}`);
    const answers = await Promise.all(ids.map((id) => get(path, id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await until(() => spans.every(({ failed }) => failed === false));
    expect(spans.map(({ of, name }) => `${of}: ${name}`).toSorted()).toEqual(
      ids.map((id) => `${id}: postgresql`).toSorted(),
    );
  },
);

test('a query that fails is a failed span', async () => {
  spans.length = 0;
  await get('/fault', 'faulty');
  await until(() => spans[0]?.failed !== undefined);
  expect(spans).toEqual([{ of: 'faulty', name: 'postgresql', failed: true }]);
});
