import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { firstDisagreement, faultsAfterRaces, startLimitedService } from './model/random-operations.ts';
import type { Service } from './service.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_261_126);

let service: Service;
let secondInstance: Service;
beforeAll(async () => {
  service = await startLimitedService();
  secondInstance = await startLimitedService(service);
});
afterAll(async () => {
  await secondInstance.close();
  await service.close();
});

test(`the notes of a user agree with a model after 20 random sequences with the seed ${seed}`, async () => {
  expect(await firstDisagreement(service, { seed, count: 20 })).toBe('');
}, 60_000);

test(`the counters of a user are right after random writes of 10 clients with the seed ${seed}`, async () => {
  const races = { seed, clients: 10, each: 15 };
  expect(await faultsAfterRaces([service, secondInstance], races)).toEqual([]);
});
