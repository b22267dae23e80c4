import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, createMetrics } from '@polyglot-notes/service-kit';
import { until } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { connectionMetrics } from '../src/database.metrics.ts';
import { connect, createReader, isUnavailable } from '../src/database.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { createDatabase } from './database.ts';

let db: PrismaClient;
beforeAll(async () => {
  db = await connect(await createDatabase());
});
afterAll(() => db.$disconnect());

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a wrong statement does not mean that the database is unavailable', async () => {
  expect(isUnavailable(await failureOf(db.$queryRaw`select * from nowhere`))).toBe(false);
});

test('a statement that takes too long means that the database is unavailable', async () => {
  const slow = db.$transaction([
    db.$executeRaw`set local statement_timeout = 10`,
    db.$executeRaw`select pg_sleep(5)`,
  ]);
  expect(isUnavailable(await failureOf(slow))).toBe(true);
});

test('a statement that waits too long for a lock means that the database is unavailable', async () => {
  await db.$transaction(async (holder) => {
    await holder.$executeRaw`select pg_advisory_xact_lock(1)`;
    const waiting = db.$transaction([
      db.$executeRaw`set local lock_timeout = 10`,
      db.$executeRaw`select pg_advisory_xact_lock(1)`,
    ]);
    expect(isUnavailable(await failureOf(waiting))).toBe(true);
  });
});

test('a transaction that takes too long means that the database is unavailable', async () => {
  const waiting = db.$transaction(
    async (transaction) => {
      await transaction.$executeRaw`insert into owners (id, rev) values (gen_random_uuid(), 1)`;
      await transaction.$executeRaw`select pg_sleep(0.3)`;
    },
    { timeout: 100 },
  );
  expect(isUnavailable(await failureOf(waiting))).toBe(true);
});

test('the metrics show the connections of a pool and what waits for one', async () => {
  const metrics = createMetrics(createLogger('test', 'silent'));
  const observe = connectionMetrics(metrics)('tests');
  const pool = await connect(await createDatabase(), { connections: 1, observe });
  const shown = async () =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith('postgresql_'));
  const lines = (open: number, idle: number, waiting: number) => [
    `postgresql_connections{purpose="tests"} ${open}`,
    `postgresql_connections_idle{purpose="tests"} ${idle}`,
    `postgresql_connections_waited_for{purpose="tests"} ${waiting}`,
  ];
  expect(await shown()).toEqual(lines(1, 1, 0));
  const waiting: Promise<unknown>[] = [];
  await pool.$transaction(async () => {
    for (let time = 0; time < 2; time++) waiting.push(pool.$queryRaw`select 1`.then(() => {}));
    await until(async () => (await shown()).join() === lines(1, 0, 2).join());
  });
  await Promise.all(waiting);
  await until(async () => (await shown()).join() === lines(1, 1, 0).join());
  await pool.$disconnect();
});

describe('a connection that the server closes, as at a restart,', () => {
  const end = 'select pg_terminate_backend(pg_backend_pid())';

  test('fails its statement as unavailable, and the next statement gets another connection', async () => {
    expect(isUnavailable(await failureOf(db.$queryRawUnsafe(end)))).toBe(true);
    expect(await db.$queryRaw`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test('fails its transaction as unavailable, whichever statement finds out', async () => {
    const ended = (next: (transaction: Pick<PrismaClient, 'owner'>) => Promise<unknown>) =>
      failureOf(
        db.$transaction(async (transaction) => {
          await failureOf(transaction.$queryRawUnsafe(end));
          await delay(100);
          await next(transaction);
        }),
      );
    expect(isUnavailable(await ended(({ owner }) => owner.count()))).toBe(true);
    expect(isUnavailable(await ended(async () => {}))).toBe(true);
  });
});

describe('a reader', () => {
  const ofStatements = Prisma.sql`
    select statement, generic_plans::int as generic, custom_plans::int as custom
    from pg_prepared_statements where statement like 'select $%'`;

  test('plans a prepared statement once for all values, and others each time', async () => {
    const reader = createReader(await createDatabase(), { connections: 1 });
    for (const value of [1, 2])
      expect(await reader.readPrepared(Prisma.sql`select ${value}::int as one`)).toEqual([{ one: value }]);
    expect(await reader.read(Prisma.sql`select ${3}::int as three`)).toEqual([{ three: 3 }]);
    expect(await reader.readPrepared(ofStatements)).toEqual([
      { statement: 'select $1::int as one', generic: 2, custom: 0 },
    ]);
    expect(await reader.read(ofStatements)).toEqual([]);
    await reader.close();
  });

  test('fails as unavailable when the server closes its connection, and then gets another one', async () => {
    const reader = createReader(await createDatabase(), { connections: 1 });
    const end = Prisma.sql`select pg_terminate_backend(pg_backend_pid())`;
    expect(isUnavailable(await failureOf(reader.readPrepared(end)))).toBe(true);
    expect(await reader.read(Prisma.sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await reader.close();
  });

  test('stops a statement that takes longer than its limit', async () => {
    const reader = createReader(await createDatabase(), { connections: 1, statementMs: 50 });
    const failure = await failureOf(reader.read(Prisma.sql`select pg_sleep(60)`));
    expect(failure).toMatchObject({ message: expect.stringContaining('statement timeout') });
    expect(isUnavailable(failure)).toBe(true);
    await reader.close();
  });
});

describe('a database in a time zone with summer time', () => {
  async function databaseIn(zone: string) {
    const url = await createDatabase();
    const plain = new pg.Client({ connectionString: url });
    await plain.connect();
    await plain.query(`alter database ${new URL(url).pathname.slice(1)} set timezone = '${zone}'`);
    return { url, plain };
  }

  // One time in summer, then two in the hour that occurs twice when summer time ends.
  const times = ['2026-07-01T12:00:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'];

  test.each(['', '?options=-c%20statement_timeout=7s%20-c%20timezone=Asia/Tokyo', '?connect_timeout=5'])(
    'stores and returns correct times with the URL parameters "%s"',
    async (parameters) => {
      const { url, plain } = await databaseIn('Europe/Berlin');
      const berlin = await connect(url + parameters);
      const [userId, note] = [randomUUID(), { content: '', tags: [], pinned: false, archived: false }];
      for (const time of times) {
        const at = { createdAt: new Date(time), updatedAt: new Date(time) };
        await berlin.note.create({ data: { ...note, ...at, userId, title: time, version: 1 } });
      }
      const notes = await berlin.note.findMany({ where: { userId }, orderBy: { createdAt: 'asc' } });
      expect(notes.map(({ updatedAt }) => updatedAt.toISOString())).toEqual(times);
      const { rows } = await plain.query<{ at: Date }>('select updated_at as at from notes order by title');
      expect(rows.map(({ at }) => at.toISOString())).toEqual(times);
      const raw = await berlin.$queryRaw`
        select title from notes where updated_at >= ${new Date(times[1]!)} order by title`;
      expect(raw).toEqual(times.slice(1).map((title) => ({ title })));
      await berlin.$disconnect();
      await plain.end();
    },
  );

  test('keeps the options of the URL', async () => {
    const url = await createDatabase();
    const optional = await connect(`${url}?options=-c%20work_mem=5MB`);
    expect(await optional.$queryRaw`show work_mem`).toEqual([{ work_mem: '5MB' }]);
    await optional.$disconnect();
  });
});
