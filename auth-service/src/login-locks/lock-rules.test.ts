import { expect, test } from '@jest/globals';
import { holdMs } from './lock-rules.ts';

test.each([
  [10, [0, 0, 0, 0, 100, 200, 400, 800, 1_600, 2_000, 2_000]],
  [1, [100, 200]],
  [3, [0, 100, 200, 400]],
])('of %d failures, the second half is held longer each time', (max, holds) => {
  expect(holds.map((_, index) => holdMs(index + 1, { max }))).toEqual(holds);
});

test('no hold is longer than two seconds', () => {
  expect(holdMs(100_000, { max: 10 })).toBe(2_000);
});
