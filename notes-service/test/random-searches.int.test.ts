import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { failingSearches } from './random-searches.ts';
import { startService, type Service } from './service.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_261_124);

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test(`every one of 100 random searches with the seed ${seed} is answered`, async () => {
  expect(await failingSearches(service, { seed, count: 100 })).toEqual([]);
}, 60_000);
