import { expect, test } from '@jest/globals';
import { readAtHalfSpeed } from './pace.ts';

test('items are read with rests as long as the reading took, at most a second, and not for the time of their use', async () => {
  let now = 0;
  const rests: number[] = [];
  async function* items() {
    for (const ms of [2, 2, 2, 400, 5_000, 1]) {
      now += ms;
      yield ms;
    }
  }
  const rest = async (ms: number) => {
    now += ms;
    rests.push(ms);
  };
  for await (const _item of readAtHalfSpeed(items(), { clock: () => now, rest })) now += 10_000;
  expect(rests).toEqual([6, 400, 1_000]);
});
