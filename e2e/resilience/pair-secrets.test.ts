// The secrets between services are replaced as docs/operations/rotate.md says, one service after another.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUser, until } from '@polyglot-notes/service-kit/testing';
import { startSystem, type System } from '../systems.ts';

const names = [
  'AUTH_TO_USER_SECRET',
  'USER_TO_AUTH_SECRET',
  'USER_TO_NOTES_SECRET',
  'NOTES_TO_AUTH_SECRET',
] as const;
const services = ['auth-service', 'user-service', 'notes-service'] as const;
type Service = (typeof services)[number];

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.close());

/**
 * How many internal calls a service has refused since its start, and how many others it has logged: all but polls that
 * succeed.
 */
async function internalCalls(service: Service) {
  const log = await readFile(system.logFiles[service]!, 'utf8');
  const statuses = [...log.matchAll(/"route":"\/internal\/[^"]*","status":(\d+)/g)].map(
    ([, status]) => status,
  );
  const refused = statuses.filter((status) => status === '401').length;
  return { refused, accepted: statuses.length - refused };
}

const secretsOf = (valueOf: (name: (typeof names)[number]) => string) =>
  Object.fromEntries(names.map((name) => [name, valueOf(name)]));

test('no internal call is refused while the secrets of all pairs are replaced', async () => {
  const environment = { ...system.environmentOf('auth-service'), ...system.environmentOf('user-service') };
  const next = secretsOf(() => randomBytes(32).toString('base64url'));
  const steps = [
    secretsOf((name) => `${environment[name]},${next[name]}`),
    secretsOf((name) => `${next[name]},${environment[name]}`),
    next,
  ];
  const counts: Awaited<ReturnType<typeof internalCalls>>[] = [];
  for (const secrets of steps) {
    system.changeSecrets(secrets);
    for (const service of services) {
      await system.stop(service);
      counts.push(await internalCalls(service));
      await system.start(service);
      const { id } = await newUser(system.api);
      const admin = await system.asAdmin();
      expect(await admin.call('DELETE', `/api/users/${id}`)).toMatchObject({ status: 200 });
    }
  }
  for (const service of services) {
    await system.stop(service);
    counts.push(await internalCalls(service));
  }
  const sum = (of: 'refused' | 'accepted') => counts.reduce((total, each) => total + each[of], 0);
  expect(sum('refused')).toBe(0);
  // A registration makes one, and a hard deletion one to each of two services.
  expect(sum('accepted')).toBeGreaterThanOrEqual(3 * steps.length * services.length);
});

test('a service that has only another secret is refused', async () => {
  await system.start('auth-service');
  system.changeSecrets(secretsOf(() => randomBytes(32).toString('base64url')));
  const starting = system.start('notes-service');
  await until(async () => (await internalCalls('auth-service')).refused > 0);
  await system.stop('notes-service');
  await expect(starting).rejects.toThrow(/notes-service ended/);
});
