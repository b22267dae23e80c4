// Kills each service at every step of the requests that write to several stores, or that users repeat, and starts it again. The
// later work of a relay is not among the steps; chaos.test.ts kills at any moment.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accountRequests } from './account-requests.ts';
import { killAtEachStep, startKillableSystem, type KillableSystem } from './kills.ts';
import { mailRequests } from './mail-requests.ts';
import { noteWrites } from './note-writes.ts';
import { sessionRequests } from './session-requests.ts';

const requests = [...accountRequests, ...sessionRequests, ...mailRequests, ...noteWrites];
const services = ['auth-service', 'user-service', 'notes-service'] as const;

let killable: KillableSystem;
beforeAll(async () => {
  killable = await startKillableSystem();
});
afterAll(() => killable.close());

describe.each(services)('when %s dies at any step,', (service) => {
  const killed = requests.filter((request) => request.services.includes(service));
  let faults: Map<string, string[]>;
  beforeAll(async () => {
    faults = await killAtEachStep(killable, service, killed);
  });

  test.each(killed)('$name $outcome', ({ name }) => {
    expect(faults.get(name)).toEqual([]);
  });
});
