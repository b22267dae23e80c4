import { expect, test } from '@jest/globals';
import { networkOf } from './network.ts';

test.each([
  ['203.0.113.7', '203.0.113.7', true],
  ['203.0.113.7', '203.0.113.8', false],
  ['2001:db8:0:1::1', '2001:DB8:0000:0001:ffff:ffff:ffff:ffff', true],
  ['2001:db8:0:1::1', '2001:db8:0:2::1', false],
  ['::ffff:203.0.113.7', '203.0.113.7', true],
  ['::ffff:cb00:7107', '203.0.113.7', true],
  ['64:ff9b::203.0.113.7', '64:ff9b::203.0.113.8', true],
  [undefined, null, true],
])('%s and %s are in the same network: %s', (one, other, isSame) => {
  expect(networkOf(one) === networkOf(other)).toBe(isSame);
});
