// Every step of the requests that concern several services, one after the other: the service dies at it, is started again,
// and the three stores must agree in the end, without anybody's help. What a relay does later is not among the steps;
// chaos.test.ts kills at any moment.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root, startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
import { tokenIn, until, waitForMails } from '@polyglot-notes/service-kit/testing';
import { call as callAt, logIn, newAccount, newUser, type Answer, type CallOptions } from './client.ts';
import { openStores, type Stores } from './stores.ts';

type ServiceName = 'auth-service' | 'user-service' | 'notes-service';

let folder: string;
let system: TestSystem;
let stores: Stores;
let adminToken: string;
const steps: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-killed-'));
  system = await startTestSystem(
    testServers(),
    { INTERNAL_TIMEOUT_MS: '500' },
    {
      NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'e2e/kill-switch.ts')).href}`,
      KILL_REPORT: report(),
    },
  );
  stores = await openStores(system);
  adminToken = await logIn(system.admin, system.urls.gateway);
});
afterAll(async () => {
  await stores.close();
  await system.close();
  await rm(folder, { recursive: true });
  console.info(`The services were killed at these steps:\n${steps.join('\n')}`);
});

const report = () => join(folder, 'report');
const call = (method: string, path: string, options: CallOptions = {}) =>
  callAt(method, path, { baseUrl: system.urls.gateway, ...options });
const asAdmin = (method: string, path: string, options: CallOptions = {}) =>
  call(method, path, { token: adminToken, ...options });
const login = ({ email, password }: { email: string; password: string }) =>
  call('POST', '/api/auth/login', { body: { email, password } });
const register = (body: object, options: CallOptions = {}) =>
  call('POST', '/api/auth/register', { body, ...options });

async function person() {
  const user = await newUser(system.urls.gateway);
  await user.call('POST', '/api/notes', { body: { title: 'a note' } });
  return user;
}

/** Sends a request at whose step `number` a service dies, and starts it again; undefined when it has no such step. */
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
  // What is answered may go on for a moment.
  const end = await Promise.race([exited, delay(300, undefined)]);
  if (end === undefined) return undefined;
  steps.push(`${flow}: ${service}: ${(await readFile(report(), 'utf8')).trim()}`);
  await system.start(service);
  return answer;
}

/** Calls `check` for every step of a service; throws if there are none, for then the switch does not work. */
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

const marked = { 'delivery.since': { $exists: true } };
const settled = () =>
  until(async () => {
    const open = await Promise.all([
      stores.profiles.countDocuments(marked),
      stores.credentials.countDocuments({ $or: [marked, { state: { $ne: 'active' } }] }),
    ]);
    return open.every((count) => count === 0);
  });

/** That both stores say the same of an account, and the gate counts the active admins. */
async function agree(id: string): Promise<void> {
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
  expect([profile?.['version'], profile?.['email']]).toEqual([
    credential?.['version'],
    credential?.['email'],
  ]);
  expect(profile?.['minVer']).toBe(
    1 + Number(credential?.['accessRevocations']) + Number(credential?.['passwordChanges']),
  );
  const admins = await stores.profiles.find({ role: 'admin', status: 'active' }).toArray();
  const gate = await stores.gate.findOne({ _id: 'admins' });
  const counted: string[] = gate?.['ids'] ?? [];
  expect(counted.toSorted()).toEqual(admins.map(({ _id }) => _id).toSorted());
}

/** That what was acknowledged has happened; what was not may have. */
function isKept(answer: Answer | 'no answer', hasHappened: boolean): void {
  const isAcknowledged = answer !== 'no answer' && answer.status < 300;
  expect({ isAcknowledged, hasHappened }).not.toEqual({ isAcknowledged: true, hasHappened: false });
}

describe('registering', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'is whole or has left nothing, when %s dies at any step, and nobody comes back',
    (service) =>
      atEveryStep(service, 'register', async (kill) => {
        const account = newAccount();
        const answer = await kill((options) => register(account, options));
        if (answer === undefined) return false;
        await settled();
        const credential = await stores.credentials.findOne({ email: account.email });
        const profile = await stores.profiles.findOne({ usernameLower: account.username });
        expect(credential?._id).toBe(profile?._id);
        isKept(answer, credential !== null);
        // If there is nothing, somebody else can have the email and the username.
        const owner = credential === null ? { ...account, password: 'another password' } : account;
        expect((await register(owner)).status).toBe(credential === null ? 201 : 409);
        await agree((await login(owner)).body.user.id);
        return true;
      }),
  );

  test.each(['auth-service', 'user-service'] as const)(
    'lets whoever comes back in, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'register and try again', async (kill) => {
        const account = newAccount();
        if ((await kill((options) => register(account, options))) === undefined) return false;
        const again = await register(account);
        expect(again.body.code ?? again.status).toEqual(again.status === 409 ? 'email_taken' : 201);
        const loggedIn = await login(account);
        expect(loggedIn.status).toBe(200);
        await settled();
        await agree(loggedIn.body.user.id);
        return true;
      }),
  );
});

describe('switching one’s account off', () => {
  test.each(['user-service', 'auth-service'] as const)(
    'happens in all stores or in none, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'delete-me', async (kill) => {
        const user = await person();
        const answer = await kill((options) => user.call('DELETE', '/api/users/delete-me', options));
        if (answer === undefined) return false;
        await settled();
        await agree(user.id);
        const { status } = (await stores.profiles.findOne({ _id: user.id })) as unknown as { status: string };
        isKept(answer, status === 'deactivated');
        const [loggedIn, read] = status === 'deactivated' ? [403, 401] : [200, 200];
        expect((await login(user)).status).toBe(loggedIn);
        await until(async () => (await user.call('GET', '/api/notes')).status === read);
        return true;
      }),
  );
});

describe('confirming another email', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'is so in both stores or in none, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'verify-email', async (kill) => {
        const user = await person();
        const { email: newEmail } = newAccount();
        const body = { currentPassword: user.password, newEmail };
        await user.call('POST', '/api/auth/change-email', { body });
        const [mail] = await waitForMails(newEmail, 1);
        const token = tokenIn(mail!);
        const answer = await kill((options) =>
          call('POST', '/api/auth/verify-email', { body: { token }, ...options }),
        );
        if (answer === undefined) return false;
        await settled();
        await agree(user.id);
        const isChanged = (await login({ ...user, email: newEmail })).status === 200;
        isKept(answer, isChanged);
        expect((await login(user)).status).toBe(isChanged ? 401 : 200);
        return true;
      }),
  );
});

describe('changing one’s password', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'leaves one password that works, and no token from before it, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'update-password', async (kill) => {
        const user = await person();
        const body = { currentPassword: user.password, newPassword: 'new correct horse' };
        const answer = await kill((options) =>
          user.call('PATCH', '/api/auth/update-password', { body, ...options }),
        );
        if (answer === undefined) return false;
        await settled();
        await agree(user.id);
        const works = await Promise.all(
          [user.password, body.newPassword].map(
            async (password) => (await login({ ...user, password })).status === 200,
          ),
        );
        const isChanged = works[1]!;
        expect(works).toEqual([!isChanged, isChanged]);
        isKept(answer, isChanged);
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
      const user = await person();
      const path = `/api/users/${user.id}`;
      if (role === 'user') await asAdmin('PATCH', path, { body: { role: 'admin' } });
      const answer = await kill((options) => asAdmin('PATCH', path, { body: { role }, ...options }));
      if (answer === undefined) return false;
      await settled();
      await agree(user.id);
      const { body } = await login(user);
      isKept(answer, body.user.role === role);
      // It can be asked for again, and is then as it was meant.
      expect((await asAdmin('PATCH', path, { body: { role } })).status).toBe(200);
      expect((await login(user)).body.user.role).toBe(role);
      if (role === 'admin') await asAdmin('PATCH', path, { body: { role: 'user' } });
      await agree(user.id);
      return true;
    }),
  );
});

describe('destroying an account', () => {
  test.each(['user-service', 'auth-service', 'notes-service'] as const)(
    'leaves nothing anywhere or has not begun, when %s dies at any step',
    (service) =>
      atEveryStep(service, 'hard delete', async (kill) => {
        const user = await person();
        const path = `/api/users/${user.id}`;
        const answer = await kill((options) => asAdmin('DELETE', path, options));
        if (answer === undefined) return false;
        await settled();
        const profile = await stores.profiles.findOne({ _id: user.id });
        const hasBegun = profile?.['state'] === 'absent';
        isKept(answer, hasBegun);
        if (!hasBegun) {
          await agree(user.id);
          await asAdmin('DELETE', path);
        }
        const removed = { profile: 1, credentials: 1, sessions: 0, notes: 1 };
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
