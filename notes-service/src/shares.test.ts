import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createShares } from './shares.ts';

/** Work that runs until `finish` is called, in shares of two with one more waiting. */
function startShares({ waitMs = 60_000 } = {}) {
  const share = createShares({ running: 2, waiting: 1, waitMs });
  const started: string[] = [];
  const start = (user: string, name: string) => {
    const { promise, resolve: finish, reject: fail } = Promise.withResolvers<void>();
    const result = share(user, () => {
      started.push(name);
      return promise;
    });
    result.catch(() => {});
    return { result, finish, fail };
  };
  return { start, started };
}

const refusal = { type: { status: 429, code: 'rate_limited' }, headers: { 'Retry-After': '1' } };

test('work beyond the share of a user waits, and is refused when the queue is full', async () => {
  const { start, started } = startShares();
  const first = start('a', 'first');
  start('a', 'second');
  start('a', 'third');
  await expect(start('a', 'fourth').result).rejects.toMatchObject(refusal);
  expect(started).toEqual(['first', 'second']);
  first.finish();
  await first.result;
  await setImmediate();
  expect(started).toEqual(['first', 'second', 'third']);
});

test('a full share of one user does not affect another user', async () => {
  const { start, started } = startShares();
  for (const name of ['a1', 'a2', 'a3', 'a4']) start('a', name);
  start('b', 'b1');
  expect(started).toEqual(['a1', 'a2', 'b1']);
});

test('failed work frees its place', async () => {
  const { start, started } = startShares();
  const works = ['1', '2'].map((name) => start('a', name));
  for (const { fail, result } of works) {
    fail(new Error('broken'));
    await expect(result).rejects.toThrow('broken');
  }
  for (const name of ['3', '4']) start('a', name);
  expect(started).toEqual(['1', '2', '3', '4']);
});

test('work that waits for too long fails, and frees its place in the queue', async () => {
  const { start, started } = startShares({ waitMs: 1 });
  const works = ['1', '2'].map((name) => start('a', name));
  const unavailable = { type: { status: 503, code: 'service_unavailable' } };
  await expect(start('a', '3').result).rejects.toMatchObject(unavailable);
  const { result } = start('a', '4');
  await expect(result).rejects.toMatchObject(unavailable);
  for (const { finish } of works) finish();
  await Promise.all(works.map((work) => work.result));
  start('a', '5');
  expect(started).toEqual(['1', '2', '5']);
});
