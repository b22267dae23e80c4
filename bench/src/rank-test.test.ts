import { expect, test } from '@jest/globals';
import { rankTest } from './rank-test.ts';

test.each([
  ['without ties', [1, 2, 3], [4, 5, 6], { u: 0, z: -1.964, p: 0.0495 }],
  ['with ties', [1, 2, 2], [2, 3, 4], { u: 1, z: -1.6231, p: 0.1046 }],
  ['of equal samples', [1, 2, 3], [3, 1, 2], { u: 4.5, z: 0, p: 1 }],
  ['of one value', [7, 7], [7, 7], { u: 2, z: 0, p: 1 }],
])('ranks samples %s', (_what, first, second, { u, z, p }) => {
  const result = rankTest(first, second);
  expect(result.u).toBe(u);
  expect(result.z).toBeCloseTo(z, 3);
  expect(result.p).toBeCloseTo(p, 3);
});

test('tells 1,000 values from 1,000 that are 5 % greater', () => {
  const values = Array.from({ length: 1_000 }, (_, index) => 10 + (index % 97) / 20);
  expect(
    rankTest(
      values,
      values.map((value) => value * 1.05),
    ).p,
  ).toBeLessThan(0.01);
});
