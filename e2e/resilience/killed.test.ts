// Kills a service at every step of every request that involves several services, and starts it again. The three stores must
// agree in the end, without a repair. The later work of a relay is not among the steps; chaos.test.ts kills at any moment.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { root } from '@polyglot-notes/local-stack/testing';
import {
  buildAccount,
  buildNote,
  login as loginAt,
  newUser,
  scaled,
  tokenIn,
  until,
  waitForMails,
  type Answer,
  type CallOptions,
} from '@polyglot-notes/service-kit/testing';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

jest.setTimeout(scaled(120_000)); // a test has up to twenty steps, each with a start of a service

type ServiceName = 'auth-service' | 'user-service' | 'notes-service';

let folder: string;
let system: System;
let stores: Stores;
const steps: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-killed-'));
  system = await startSystem(
    { INTERNAL_TIMEOUT_MS: '500' },
    {
      NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'e2e/resilience/kill-switch.ts')).href}`,
      KILL_REPORT: report(),
    },
  );
  stores = await openStores(system);
});
// A test that failed may have left a dead service behind.
beforeEach(() => system.ensureRunning());
afterAll(async () => {
  await stores.close();
  await system.close();
  await rm(folder, { recursive: true });
  console.info(`The services were killed at these steps:\n${steps.join('\n')}`);
});

const report = () => join(folder, 'report');
const call = (method: string, path: string, options: CallOptions = {}) =>
  system.api.call(method, path, options);
const asAdmin = async (method: string, path: string, options: CallOptions = {}) =>
  (await system.asAdmin()).call(method, path, options);
const login = (credentials: { email: string; password: string }) => loginAt(system.api, credentials);
const register = (body: object, options: CallOptions = {}) =>
  call('POST', '/api/auth/register', { body, ...options });

async function newUserWithNote() {
  const user = await newUser(system.api);
  await user.call('POST', '/api/notes', { body: buildNote() });
  return user;
}

/** Sends a request, kills the service at its step `number`, and starts it again; undefined when there is no such step. */
async function killAt(
  service: ServiceName,
  number: number,
  flow: string,
  send: (options: CallOptions) => Promise<Answer>,
): Promise<Answer | 'no answer' | undefined> {
  await writeFile(report(), '');
  const id = `kill.${service}.${number}.${Math.random().toString(36).slice(2)}`;
  const exited = system.exited(service);
  const answer = await send({ headers: { 'X-Request-Id': id } }).catch(() => 'no answer' as const);
  // A service may work on for a moment after its answer.
  const end = await Promise.race([exited, delay(scaled(300), undefined)]);
  if (end === undefined) return undefined;
  steps.push(`${flow}: ${service}: ${(await readFile(report(), 'utf8')).trim()}`);
  await system.start(service);
  return answer;
}

/** Calls `run` for every step of a service. Throws when there is none, because then the kill switch does not work. */
async function atEveryStep(
  service: ServiceName,
  flow: string,
  run: (
    kill: (send: (options: CallOptions) => Promise<Answer>) => ReturnType<typeof killAt>,
  ) => Promise<boolean>,
): Promise<void> {
  let number = 1;
  while (await run((send) => killAt(service, number, flow, send))) number++;
  if (number === 1) throw new Error(`${flow} has no step in ${service}`);
}

const pending = { 'delivery.since': { $exists: true } };
const allDelivered = () =>
  until(async () => {
    const open = await Promise.all([
      stores.profiles.countDocuments(pending),
      stores.credentials.countDocuments({ $or: [pending, { state: { $ne: 'active' } }] }),
    ]);
    return open.every((count) => count === 0) && (await stores.isActiveAdminSetRight());
  }, 30_000);

/** Expects that both stores agree on an account, and that the active-admin set is right. */
async function expectAgreement(id: string): Promise<void> {
  const [profile, credential] = [
    await stores.profiles.findOne({ _id: id }),
    await stores.credentials.findOne({ _id: id }),
  ];
  const decided = ({
    role,
    status,
    accountVersion,
    accessRevocations,
    sessionRevocations,
  }: Record<string, unknown>) => ({
    role,
    status,
    accountVersion,
    accessRevocations,
    sessionRevocations,
  });
  expect(decided(credential ?? {})).toEqual(decided(profile ?? {}));
  expect([profile?.['profileVersion'], profile?.['email']]).toEqual([
    credential?.['profileVersion'],
    credential?.['email'],
  ]);
  expect(profile?.['accessVersion']).toBe(
    1 + Number(credential?.['accessRevocations']) + Number(credential?.['passwordChanges']),
  );
  expect(await stores.isActiveAdminSetRight()).toBe(true);
}

/** Expects that an acknowledged request has taken effect; any other one may have. */
function expectKept(answer: Answer | 'no answer', hasHappened: boolean): void {
  const isAcknowledged = answer !== 'no answer' && answer.status < 300;
  expect({ isAcknowledged, hasHappened }).not.toEqual({ isAcknowledged: true, hasHappened: false });
}

describe('registering', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'is complete or leaves nothing, when %s dies at any step and the user does not try again',
    (service) =>
      atEveryStep(service, 'register', async (kill) => {
        const account = buildAccount();
        const answer = await kill((options) => register(account, options));
        if (answer === undefined) return false;
        await allDelivered();
        const credential = await stores.credentials.findOne({ email: account.email });
        const profile = await stores.profiles.findOne({ usernameLower: account.username });
        expect(credential?._id).toBe(profile?._id);
        expectKept(answer, credential !== null);
        // Without a credential, another user can take the email and the username.
        const owner = credential === null ? { ...account, password: 'another password' } : account;
        expect((await register(owner)).status).toBe(credential === null ? 201 : 409);
        await expectAgreement((await login(owner)).body.user.id);
        return true;
      }),
  );

  test.each(['auth-service', 'user-service'] as const)(
    'is completed by a second attempt, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'register and try again', async (kill) => {
        const account = buildAccount();
        if ((await kill((options) => register(account, options))) === undefined) return false;
        const again = await register(account);
        expect(again.body.code ?? again.status).toEqual(again.status === 409 ? 'email_taken' : 201);
        const loggedIn = await login(account);
        expect(loggedIn.status).toBe(200);
        await allDelivered();
        await expectAgreement(loggedIn.body.user.id);
        return true;
      }),
  );
});

describe('deactivating one’s own account', () => {
  test.each(['user-service', 'auth-service'] as const)(
    'takes effect in all stores or in none, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'delete-me', async (kill) => {
        const user = await newUserWithNote();
        const answer = await kill((options) => user.call('DELETE', '/api/users/delete-me', options));
        if (answer === undefined) return false;
        await allDelivered();
        await expectAgreement(user.id);
        const { status } = (await stores.profiles.findOne({ _id: user.id })) as unknown as { status: string };
        expectKept(answer, status === 'deactivated');
        const [loggedIn, read] = status === 'deactivated' ? [403, 401] : [200, 200];
        expect((await login(user)).status).toBe(loggedIn);
        await until(async () => (await user.call('GET', '/api/notes')).status === read);
        return true;
      }),
  );
});

describe('confirming another email', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'takes effect in both stores or in none, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'verify-email', async (kill) => {
        const user = await newUserWithNote();
        const { email: newEmail } = buildAccount();
        const body = { currentPassword: user.password, newEmail };
        await user.call('POST', '/api/auth/change-email', { body });
        const [mail] = await waitForMails(newEmail, 1);
        const token = tokenIn(mail!);
        const answer = await kill((options) =>
          user.call('POST', '/api/auth/verify-email', { body: { token }, ...options }),
        );
        if (answer === undefined) return false;
        await allDelivered();
        await expectAgreement(user.id);
        const isChanged = (await login({ ...user, email: newEmail })).status === 200;
        expectKept(answer, isChanged);
        expect((await login(user)).status).toBe(isChanged ? 401 : 200);
        return true;
      }),
  );
});

describe('changing one’s password', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'leaves one valid password and no older token, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'update-password', async (kill) => {
        const user = await newUserWithNote();
        const body = { currentPassword: user.password, newPassword: 'new correct horse' };
        const answer = await kill((options) =>
          user.call('PATCH', '/api/auth/update-password', { body, ...options }),
        );
        if (answer === undefined) return false;
        await allDelivered();
        await expectAgreement(user.id);
        const works = await Promise.all(
          [user.password, body.newPassword].map(
            async (password) => (await login({ ...user, password })).status === 200,
          ),
        );
        const isChanged = works[1]!;
        expect(works).toEqual([!isChanged, isChanged]);
        expectKept(answer, isChanged);
        expect((await user.call('GET', '/api/users/me')).status).toBe(isChanged ? 401 : 200);
        return true;
      }),
  );
});

describe('a change of role', () => {
  const changes = (['admin', 'user'] as const).flatMap((role) =>
    (['user-service', 'auth-service'] as const).map((service) => [role, service] as const),
  );

  test.each(changes)('to %s is the same in all stores, when %s dies at any step', (role, service) =>
    atEveryStep(service, role === 'admin' ? 'promote' : 'demote', async (kill) => {
      const user = await newUserWithNote();
      const path = `/api/users/${user.id}`;
      if (role === 'user') await asAdmin('PATCH', path, { body: { role: 'admin' } });
      const answer = await kill((options) => asAdmin('PATCH', path, { body: { role }, ...options }));
      if (answer === undefined) return false;
      await allDelivered();
      await expectAgreement(user.id);
      const { body } = await login(user);
      expectKept(answer, body.user.role === role);
      // A repeated request takes effect.
      expect((await asAdmin('PATCH', path, { body: { role } })).status).toBe(200);
      expect((await login(user)).body.user.role).toBe(role);
      if (role === 'admin') await asAdmin('PATCH', path, { body: { role: 'user' } });
      await expectAgreement(user.id);
      return true;
    }),
  );
});

describe('deleting an account permanently', () => {
  test.each(['user-service', 'auth-service', 'notes-service'] as const)(
    'leaves nothing in any store or has not begun, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'hard delete', async (kill) => {
        const user = await newUserWithNote();
        const path = `/api/users/${user.id}`;
        const answer = await kill((options) => asAdmin('DELETE', path, options));
        if (answer === undefined) return false;
        await allDelivered();
        const profile = await stores.profiles.findOne({ _id: user.id });
        const hasBegun = profile?.['state'] === 'absent';
        expectKept(answer, hasBegun);
        if (!hasBegun) {
          await expectAgreement(user.id);
          await asAdmin('DELETE', path);
        }
        const removed = { profile: 1, credentials: 1, sessions: 1, notes: 1 };
        const receipt = await asAdmin('GET', `/api/users/deletions/${user.id}`);
        expect(receipt.body).toMatchObject({ state: 'completed', removed });
        expect((await asAdmin('DELETE', path)).body).toEqual(receipt.body);
        expect(await stores.credentials.countDocuments({ _id: user.id })).toBe(0);
        expect(await stores.countNotes(user.id)).toBe(0);
        expect((await register(user.account)).status).toBe(201);
        return true;
      }),
  );
});
