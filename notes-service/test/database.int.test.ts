import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, isUnavailable } from '../src/database.ts';
import type { PrismaClient } from '../src/generated/prisma/client.ts';
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

test('a statement that is wrong is no outage', async () => {
  expect(isUnavailable(await failureOf(db.$queryRaw`select * from nowhere`))).toBe(false);
});

test('a statement that takes too long is one', async () => {
  const slow = db.$transaction([
    db.$executeRaw`set local statement_timeout = 10`,
    db.$executeRaw`select pg_sleep(5)`,
  ]);
  expect(isUnavailable(await failureOf(slow))).toBe(true);
});

test('a transaction that waits too long for another is one', async () => {
  const waiting = db.$transaction(
    async (transaction) => {
      await transaction.$executeRaw`insert into owners (id, rev) values (gen_random_uuid(), 1)`;
      await transaction.$executeRaw`select pg_sleep(0.3)`;
    },
    { timeout: 100 },
  );
  expect(isUnavailable(await failureOf(waiting))).toBe(true);
});
