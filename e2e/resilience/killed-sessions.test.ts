// Kills a service at every step of every request that opens, refreshes or ends sessions, and starts it again. A client that
// repeats the request must be in or out everywhere, as its answer says.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  until,
  type Account,
  type Answer,
  type CallOptions,
} from '@polyglot-notes/service-kit/testing';
import {
  expectKept,
  startKillableSystem,
  type KillableSystem,
  type Killed,
  type ServiceName,
} from './kills.ts';

let killable: KillableSystem;
beforeAll(async () => {
  // The longest grace period: on a slow machine, a service may take a while to start.
  killable = await startKillableSystem({ REFRESH_GRACE_SECONDS: '300' });
});
// A test that failed may have left a dead service behind.
beforeEach(() => killable.system.ensureRunning());
afterAll(() => killable.close());

const call = (method: string, path: string, options: CallOptions = {}) =>
  killable.system.api.call(method, path, options);

/** A client that is logged in, with the tokens that it holds. */
interface Device {
  account: Account;
  userId: string;
  sessionId: string;
  accessToken: string;
  refreshToken: string;
}

const claimsOf = (accessToken: string) =>
  JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()) as { sub: string; sid: string };

function deviceOf(account: Account, { body }: Answer): Device {
  const { accessToken, refreshToken } = body;
  const { sub: userId, sid: sessionId } = claimsOf(accessToken);
  return { account, userId, sessionId, accessToken, refreshToken };
}

const sendLogin = ({ email, password }: Account, options: CallOptions = {}) =>
  call('POST', '/api/auth/login', { body: { email, password }, ...options });

async function logIn(account: Account): Promise<Device> {
  const answer = await sendLogin(account);
  expect(answer.status).toBe(200);
  return deviceOf(account, answer);
}

/** Two devices of a new account. */
async function newDevices(): Promise<[Device, Device]> {
  const account = buildAccount();
  const registered = await call('POST', '/api/auth/register', { body: account });
  return [deviceOf(account, registered), await logIn(account)];
}

const refresh = (refreshToken: string, options: CallOptions = {}) =>
  call('POST', '/api/auth/refresh', { body: { refreshToken }, ...options });
const withAccessToken = ({ accessToken: token }: Device) => ({ token });
const withRefreshToken = ({ refreshToken }: Device) => ({ body: { refreshToken } });
const isOk = (answer: Killed['answer']): answer is Answer => answer !== 'no answer' && answer.status < 300;

const statusAt = async (path: string, { accessToken: token }: Device) =>
  (await call('GET', path, { token })).status;
const own = { auth: '/api/auth/sessions', user: '/api/users/me', notes: '/api/notes' };

/** Whether the refresh token in hand works. If so, the new tokens must work everywhere; if not, the old ones nowhere. */
async function isIn(device: Device): Promise<boolean> {
  const answer = await refresh(device.refreshToken);
  if (answer.status === 200) {
    expect(claimsOf(answer.body.accessToken).sid).toBe(device.sessionId);
    Object.assign(device, deviceOf(device.account, answer));
    for (const path of Object.values(own)) expect([path, await statusAt(path, device)]).toEqual([path, 200]);
    await expectOneChain(device);
    return true;
  }
  expect([answer.status, answer.body.code]).toEqual([401, 'invalid_refresh_token']);
  expect(await statusAt(own.auth, device)).toBe(401);
  for (const path of [own.user, own.notes]) await until(async () => (await statusAt(path, device)) === 401);
  return false;
}

async function areIn(devices: Device[]): Promise<boolean[]> {
  const results: boolean[] = [];
  for (const device of devices) results.push(await isIn(device));
  return results;
}

/** Expects that the refresh token in hand is the one that the session stores. */
async function expectOneChain({ sessionId, refreshToken }: Device): Promise<void> {
  const stored = await killable.stores.sessions.findOne({ _id: sessionId });
  expect(stored?.['tokenHash']).toBe(createHash('sha256').update(refreshToken).digest('base64url'));
}

/**
 * Expects that the account has these sessions, in its list too, and at most one more: that of an answer that was lost. If
 * it was still being opened, it ends within a minute.
 */
async function expectSessions(devices: Device[], killed?: Killed): Promise<void> {
  const { userId } = devices[0]!;
  const known = devices.map(({ sessionId }) => sessionId);
  const live = await liveSessions(userId);
  const lost = live.filter(({ _id }) => !known.includes(_id));
  expect(live.map(({ _id }) => _id)).toEqual(expect.arrayContaining(known));
  expect(lost.length).toBeLessThanOrEqual(killed === undefined || isOk(killed.answer) ? 0 : 1);
  const isOpen = ['after updateOne sessions', 'the answer is sent'].includes(killed?.step ?? '');
  const staying = lost.filter(({ createdAt, expiresAt }) => expiresAt - createdAt > 60_000);
  expect(staying.length).toBeLessThanOrEqual(isOpen ? 1 : 0);
  const { body } = await call('GET', own.auth, withAccessToken(devices[0]!));
  expect(body.items.map(({ id }: { id: string }) => id).toSorted()).toEqual(
    live.map(({ _id }) => _id).toSorted(),
  );
  expect(await killable.stores.orphanedSessions()).toEqual([]);
}

/** The stored sessions that neither have ended nor are of an earlier session version. */
async function liveSessions(userId: string) {
  const account = await killable.stores.credentials.findOne({ _id: userId });
  const counts = ['sessionRevocations', 'passwordChanges', 'logoutsOfAll'];
  const sessionVersion = counts.reduce((sum, name) => sum + Number(account?.[name] ?? 0), 0);
  return killable.stores.sessions
    .find({ userId, sessionVersion, revokedAt: null, expiresAt: { $gt: new Date() } })
    .toArray();
}

/** The device of an answer that a client received. */
const received = (account: Account, { answer }: Killed): Device[] =>
  isOk(answer) ? [deviceOf(account, answer)] : [];

describe('registering', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'is completed by a second attempt, with no session that stays unused, when %s dies at any step',
    (service) =>
      killable.atEveryStep(service, 'register and try again', async (kill) => {
        const account = buildAccount();
        const register = (options: CallOptions = {}) =>
          call('POST', '/api/auth/register', { body: account, ...options });
        const killed = await kill(register);
        if (killed === undefined) return false;
        const again = await register();
        expect(again.body.code ?? again.status).toEqual(again.status === 409 ? 'email_taken' : 201);
        const devices = [
          ...received(account, killed),
          ...received(account, { ...killed, answer: again }),
          await logIn(account),
        ];
        await killable.allDelivered();
        await killable.expectAgreement(devices[0]!.userId);
        await expectSessions(devices, killed);
        expect(await areIn(devices)).toEqual(devices.map(() => true));
        return true;
      }),
  );
});

describe('logging in', () => {
  test('again opens one session, and an interrupted one does not stay, when auth-service dies at any step', () =>
    killable.atEveryStep('auth-service', 'login', async (kill) => {
      const before = await newDevices();
      const [{ account }] = before;
      const killed = await kill((options) => sendLogin(account, options));
      if (killed === undefined) return false;
      const devices = [...before, ...received(account, killed), await logIn(account)];
      await expectSessions(devices, killed);
      expect(await areIn(devices)).toEqual(devices.map(() => true));
      return true;
    }));
});

describe('refreshing', () => {
  test('again gets the tokens of the one chain, when auth-service dies at any step', () =>
    killable.atEveryStep('auth-service', 'refresh', async (kill) => {
      const devices = await newDevices();
      const [device] = devices;
      const first = device.refreshToken;
      const killed = await kill((options) => refresh(first, options));
      if (killed === undefined) return false;
      const held = isOk(killed.answer) ? killed.answer : await refresh(first);
      expect(held.status).toBe(200);
      const { refreshToken } = deviceOf(device.account, held);
      await expectOneChain({ ...device, refreshToken });
      // Another tab has the earlier token, which leads to the same one.
      expect((await refresh(first)).body.refreshToken).toBe(refreshToken);
      device.refreshToken = refreshToken;
      expect(await areIn(devices)).toEqual([true, true]);
      await expectSessions(devices);
      return true;
    }));
});

describe('ending sessions', () => {
  const logout = '/api/auth/logout';
  const logoutAll = '/api/auth/logout-all';
  interface Ending {
    flow: string;
    services: ServiceName[];
    send: (devices: [Device, Device], options: CallOptions) => Promise<Answer>;
    /** The outcomes of a repeat: 204, unless the session that asks has ended. */
    repeat: (number | string)[];
    /** Which of the two devices are logged in afterwards. */
    left: [boolean, boolean];
  }

  const endings: Ending[] = [
    {
      flow: 'logout with an access token',
      services: ['auth-service', 'user-service'],
      send: ([one], options) => call('POST', logout, { ...withAccessToken(one), ...options }),
      repeat: [204, 'token_revoked'],
      left: [false, true],
    },
    {
      flow: 'logout with a refresh token',
      services: ['auth-service'],
      send: ([one], options) => call('POST', logout, { ...withRefreshToken(one), ...options }),
      repeat: [204],
      left: [false, true],
    },
    {
      flow: 'logout-all with an access token',
      services: ['user-service'],
      send: ([one], options) => call('POST', logoutAll, { ...withAccessToken(one), ...options }),
      repeat: ['token_revoked'],
      left: [false, false],
    },
    {
      flow: 'logout-all with a refresh token',
      services: ['auth-service'],
      send: ([one], options) => call('POST', logoutAll, { ...withRefreshToken(one), ...options }),
      repeat: [204, 'invalid_refresh_token'],
      left: [false, false],
    },
    {
      flow: 'ending another session',
      services: ['auth-service'],
      send: ([one, other], options) =>
        call('DELETE', `/api/auth/sessions/${one.sessionId}`, { ...withAccessToken(other), ...options }),
      repeat: [204, 'not_found'],
      left: [false, true],
    },
    {
      flow: 'ending all sessions as an admin',
      services: ['auth-service', 'user-service'],
      send: async ([{ userId }], options) =>
        (await killable.system.asAdmin()).call('DELETE', `/api/users/${userId}/sessions`, options),
      repeat: [204],
      left: [false, false],
    },
  ];
  const killings = endings.flatMap((ending) =>
    ending.services.map((service) => [ending.flow, service, ending] as const),
  );

  test.each(killings)(
    'with %s takes effect everywhere or nowhere, and everywhere when it is repeated, when %s dies at any step',
    (flow, service, { send, repeat, left }) =>
      killable.atEveryStep(service, flow, async (kill) => {
        const devices = await newDevices();
        const [{ account, userId }] = devices;
        const killed = await kill((options) => send(devices, options));
        if (killed === undefined) return false;
        // It is acknowledged, so user-service does not wait for the revocation feed.
        expect([401, isOk(killed.answer) ? 401 : 200]).toContain(await statusAt(own.user, devices[0]));
        await killable.allDelivered();
        const now = await areIn(devices);
        expect([[true, true], left]).toContainEqual(now);
        expectKept(killed.answer, !now[0]);
        const { status, body } = await send(devices, {});
        expect(repeat).toContain(body?.code ?? status);
        await killable.allDelivered();
        expect(await areIn(devices)).toEqual(left);
        const again = await logIn(account);
        await expectSessions([again, ...devices.filter((_device, index) => left[index])]);
        await killable.expectAgreement(userId);
        return true;
      }),
  );
});

describe('changing one’s password', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'leaves one valid password, and no earlier token or session, when %s dies at any step',
    (service) =>
      killable.atEveryStep(service, 'update-password', async (kill) => {
        const devices = await newDevices();
        const [device] = devices;
        const { account, userId, accessToken } = device;
        const body = { currentPassword: account.password, newPassword: 'new correct horse' };
        const killed = await kill((options) =>
          call('PATCH', '/api/auth/update-password', { token: accessToken, body, ...options }),
        );
        if (killed === undefined) return false;
        await killable.allDelivered();
        await killable.expectAgreement(userId);
        const [isOld, isNew] = await Promise.all(
          [account.password, body.newPassword].map(
            async (password) => (await sendLogin({ ...account, password })).status === 200,
          ),
        );
        expect(isOld).toBe(!isNew);
        expectKept(killed.answer, isNew!);
        expect(await statusAt(own.user, device)).toBe(isNew ? 401 : 200);
        expect(await areIn(devices)).toEqual([!isNew, !isNew]);
        expect(await areIn(received(account, killed))).toEqual(isOk(killed.answer) ? [true] : []);
        expect(
          await areIn([await logIn({ ...account, password: isNew ? body.newPassword : account.password })]),
        ).toEqual([true]);
        return true;
      }),
  );
});
