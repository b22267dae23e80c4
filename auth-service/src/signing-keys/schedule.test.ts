import { expect, test } from '@jest/globals';
import { schedule } from './schedule.ts';

const start = Date.parse('2026-11-01T00:00:00Z');
const at = (seconds: number) => new Date(start + seconds * 1_000);
const keys = (...signsFrom: number[]) => signsFrom.map((seconds) => ({ signsFrom: at(seconds) }));
const states = (now: number, ...signsFrom: number[]) =>
  schedule(keys(...signsFrom), at(now)).map(({ state }) => state);
// The longest token, and the tolerance for clocks.
const longest = 86_400 + 30;

test.each([
  ['the only key signs', 10, [0], ['signing']],
  ['the only key signs, also by a clock that is behind', -10, [0], ['signing']],
  ['a new key is published before it signs', 99, [0, 100], ['signing', 'published']],
  ['a new key replaces the old one at its time', 100, [0, 100], ['retiring', 'signing']],
  ['a replaced key is published for the longest token', 99 + longest, [0, 100], ['retiring', 'signing']],
  ['a replaced key expires after the longest token', 100 + longest, [0, 100], ['expired', 'signing']],
  [
    'a later key that signs at once precedes one that waits',
    10,
    [0, 100, 5],
    ['retiring', 'retiring', 'signing'],
  ],
  ['a key that was overtaken never signs', 200, [0, 100, 5], ['retiring', 'retiring', 'signing']],
  ['all keys before the signing one retire', 30, [0, 10, 20], ['retiring', 'retiring', 'signing']],
])('%s', (_what, now, signsFrom, expected) => {
  expect(states(now, ...signsFrom)).toEqual(expected);
});

test('the tokens of a key end with the first later key that signs', () => {
  const [first, second, third] = schedule(keys(0, 100, 5), at(10));
  expect(first).toMatchObject({ replacedAt: at(5), publishedUntil: at(5 + longest) });
  expect(second).toMatchObject({ replacedAt: at(5), publishedUntil: at(5 + longest) });
  expect(third).toMatchObject({ replacedAt: undefined, publishedUntil: undefined });
});
