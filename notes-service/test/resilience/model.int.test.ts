import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { firstDisagreement, faultsAfterRaces, startLimitedService } from '../model/random-operations.ts';
import type { Service } from '../service.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_261_126);

let services: Service[];
beforeAll(async () => {
  services = await Promise.all([startLimitedService(), startLimitedService()]);
});
afterAll(() => Promise.all(services.map((service) => service.close())));

test(`the notes of users agree with a model after 1000 random sequences with the seed ${seed}`, async () => {
  // Each service has a clock of its own.
  const disagreements = await Promise.all(
    services.map((service, index) => firstDisagreement(service, { seed: seed + index, count: 500 })),
  );
  expect(disagreements).toEqual(['', '']);
});

test(`the counters of users are right after random writes of 10 clients each with the seed ${seed}`, async () => {
  const [service] = services;
  for (let round = 0; round < 3; round++)
    expect(await faultsAfterRaces([service!], { seed: seed + round, clients: 10, each: 20 })).toEqual([]);
});
