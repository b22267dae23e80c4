// The requests that open, refresh or end sessions, for the test that kills a service at each of their steps. A client that
// repeats the request must be in or out everywhere, as its answer says.
import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import {
  buildAccount,
  until,
  type Account,
  type Answer,
  type CallOptions,
  type Client,
} from '@polyglot-notes/service-kit/testing';
import type { Stores } from '../stores.ts';
import { expectKept, type Killed, type Place, type RequestToKill, type ServiceName } from './kills.ts';

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

const withAccessToken = ({ accessToken: token }: Device) => ({ token });
const withRefreshToken = ({ refreshToken }: Device) => ({ body: { refreshToken } });
const isOk = (answer: Killed['answer']): answer is Answer => answer !== 'no answer' && answer.status < 300;

/** The device of an answer that a client received. */
const received = (account: Account, { answer }: Pick<Killed, 'answer'>): Device[] =>
  isOk(answer) ? [deviceOf(account, answer)] : [];

const own = { auth: '/api/auth/sessions', user: '/api/users/me', notes: '/api/notes' };

function sessionsOf({ api, stores }: Pick<Place, 'api' | 'stores'>) {
  const sendLogin = ({ email, password }: Account, options: CallOptions = {}) =>
    api.call('POST', '/api/auth/login', { body: { email, password }, ...options });

  async function logIn(account: Account): Promise<Device> {
    const answer = await sendLogin(account);
    expect(answer.status).toBe(200);
    return deviceOf(account, answer);
  }

  const refresh = (refreshToken: string, options: CallOptions = {}) =>
    api.call('POST', '/api/auth/refresh', { body: { refreshToken }, ...options });
  const statusAt = async (path: string, device: Device) =>
    (await api.call('GET', path, withAccessToken(device))).status;

  /** Expects that the refresh token in hand is the one that the session stores. */
  async function expectOneChain({ sessionId, refreshToken }: Device): Promise<void> {
    const stored = await stores.sessions.findOne({ _id: sessionId });
    expect(stored?.['tokenHash']).toBe(createHash('sha256').update(refreshToken).digest('base64url'));
  }

  /** Whether the refresh token in hand works. If so, the new tokens must work everywhere; if not, the old ones nowhere. */
  async function isIn(device: Device): Promise<boolean> {
    const answer = await refresh(device.refreshToken);
    if (answer.status === 200) {
      expect(claimsOf(answer.body.accessToken).sid).toBe(device.sessionId);
      Object.assign(device, deviceOf(device.account, answer));
      for (const path of Object.values(own))
        expect([path, await statusAt(path, device)]).toEqual([path, 200]);
      await expectOneChain(device);
      return true;
    }
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_refresh_token']);
    expect(await statusAt(own.auth, device)).toBe(401);
    for (const path of [own.user, own.notes]) await until(async () => (await statusAt(path, device)) === 401);
    return false;
  }

  /** Two devices of a new account. */
  async function newDevices(): Promise<[Device, Device]> {
    const account = buildAccount();
    const registered = await api.call('POST', '/api/auth/register', { body: account });
    return [deviceOf(account, registered), await logIn(account)];
  }

  async function areIn(devices: Device[]): Promise<boolean[]> {
    const results: boolean[] = [];
    for (const device of devices) results.push(await isIn(device));
    return results;
  }

  const expectSessions = createSessionsCheck(api, stores);
  return { sendLogin, logIn, refresh, statusAt, expectOneChain, newDevices, areIn, expectSessions };
}

/**
 * A check that the account has these sessions, in its list too, and at most one more: that of an answer that was lost. If it
 * was still being opened, it ends within a minute.
 */
function createSessionsCheck(api: Client, stores: Stores) {
  /** The stored sessions that neither have ended nor are of an earlier session version. */
  async function liveSessions(userId: string) {
    const account = await stores.credentials.findOne({ _id: userId });
    const counts = ['sessionRevocations', 'passwordChanges', 'logoutsOfAll'];
    const sessionVersion = counts.reduce((sum, name) => sum + Number(account?.[name] ?? 0), 0);
    return stores.sessions
      .find({ userId, sessionVersion, revokedAt: null, expiresAt: { $gt: new Date() } })
      .toArray();
  }

  return async (devices: Device[], killed?: Killed): Promise<void> => {
    const known = devices.map(({ sessionId }) => sessionId);
    const live = await liveSessions(devices[0]!.userId);
    const lost = live.filter(({ _id }) => !known.includes(_id));
    expect(live.map(({ _id }) => _id)).toEqual(expect.arrayContaining(known));
    expect(lost.length).toBeLessThanOrEqual(killed === undefined || isOk(killed.answer) ? 0 : 1);
    const isOpen = ['after updateOne sessions', 'the answer is sent'].includes(killed?.step ?? '');
    const staying = lost.filter(({ createdAt, expiresAt }) => expiresAt - createdAt > 60_000);
    expect(staying.length).toBeLessThanOrEqual(isOpen ? 1 : 0);
    const { body } = await api.call('GET', own.auth, withAccessToken(devices[0]!));
    expect(body.items.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      live.map(({ _id }) => _id).toSorted(),
    );
  };
}

const register: RequestToKill = {
  name: 'registering, and again after the kill,',
  outcome: 'is complete, with no session that stays unused',
  services: ['auth-service', 'user-service'],
  prepare: async (place) => {
    const { api, expectAgreement } = place;
    const { logIn, areIn, expectSessions } = sessionsOf(place);
    const account = buildAccount();
    const send = (options: CallOptions = {}) =>
      api.call('POST', '/api/auth/register', { body: account, ...options });
    return {
      send,
      async *check(killed) {
        const again = await send();
        expect(again.body.code ?? again.status).toEqual(again.status === 409 ? 'email_taken' : 201);
        const devices = [
          ...received(account, killed),
          ...received(account, { answer: again }),
          await logIn(account),
        ];
        yield;
        await expectAgreement(devices[0]!.userId);
        await expectSessions(devices, killed);
        expect(await areIn(devices)).toEqual(devices.map(() => true));
      },
    };
  },
};

const logInAgain: RequestToKill = {
  name: 'logging in',
  outcome: 'opens one session when it is repeated, and an interrupted one does not stay',
  services: ['auth-service'],
  prepare: async (place) => {
    const { sendLogin, logIn, newDevices, areIn, expectSessions } = sessionsOf(place);
    const before = await newDevices();
    const [{ account }] = before;
    return {
      send: (options) => sendLogin(account, options),
      async *check(killed) {
        const devices = [...before, ...received(account, killed), await logIn(account)];
        await expectSessions(devices, killed);
        yield;
        expect(await areIn(devices)).toEqual(devices.map(() => true));
      },
    };
  },
};

const refreshAgain: RequestToKill = {
  name: 'refreshing',
  outcome: 'gets the tokens of the one chain when it is repeated',
  services: ['auth-service'],
  prepare: async (place) => {
    const { newDevices, refresh, areIn, expectOneChain, expectSessions } = sessionsOf(place);
    const devices = await newDevices();
    const [device] = devices;
    const first = device.refreshToken;
    return {
      send: (options) => refresh(first, options),
      async *check({ answer }) {
        const held = isOk(answer) ? answer : await refresh(first);
        expect(held.status).toBe(200);
        const { refreshToken } = deviceOf(device.account, held);
        await expectOneChain({ ...device, refreshToken });
        // Another tab has the earlier token, which leads to the same one.
        expect((await refresh(first)).body.refreshToken).toBe(refreshToken);
        device.refreshToken = refreshToken;
        yield;
        expect(await areIn(devices)).toEqual([true, true]);
        await expectSessions(devices);
      },
    };
  },
};

const logout = '/api/auth/logout';
const logoutAll = '/api/auth/logout-all';

interface Ending {
  name: string;
  services: ServiceName[];
  send: (place: Place, devices: [Device, Device], options: CallOptions) => Promise<Answer>;
  /** The outcomes of a repeat: 204, unless the session that asks has ended. */
  repeat: (number | string)[];
  /** Which of the two devices are logged in afterwards. */
  left: [boolean, boolean];
}

const endings: Ending[] = [
  {
    name: 'logout with an access token',
    services: ['auth-service', 'user-service'],
    send: ({ api }, [one], options) => api.call('POST', logout, { ...withAccessToken(one), ...options }),
    repeat: [204, 'token_revoked'],
    left: [false, true],
  },
  {
    name: 'logout with a refresh token',
    services: ['auth-service'],
    send: ({ api }, [one], options) => api.call('POST', logout, { ...withRefreshToken(one), ...options }),
    repeat: [204],
    left: [false, true],
  },
  {
    name: 'logout-all with an access token',
    services: ['user-service'],
    send: ({ api }, [one], options) => api.call('POST', logoutAll, { ...withAccessToken(one), ...options }),
    repeat: ['token_revoked'],
    left: [false, false],
  },
  {
    name: 'logout-all with a refresh token',
    services: ['auth-service'],
    send: ({ api }, [one], options) => api.call('POST', logoutAll, { ...withRefreshToken(one), ...options }),
    repeat: [204, 'invalid_refresh_token'],
    left: [false, false],
  },
  {
    name: 'ending another session',
    services: ['auth-service'],
    send: ({ api }, [one, other], options) =>
      api.call('DELETE', `/api/auth/sessions/${one.sessionId}`, { ...withAccessToken(other), ...options }),
    repeat: [204, 'not_found'],
    left: [false, true],
  },
  {
    name: 'ending all sessions as an admin',
    services: ['auth-service', 'user-service'],
    send: ({ admin }, [{ userId }], options) =>
      admin.call('DELETE', `/api/users/${userId}/sessions`, options),
    repeat: [204],
    left: [false, false],
  },
];

const endSessions = ({ name, services, send, repeat, left }: Ending): RequestToKill => ({
  name,
  outcome: 'takes effect everywhere or nowhere, and everywhere when it is repeated',
  services,
  prepare: async (place) => {
    const { newDevices, logIn, statusAt, areIn, expectSessions } = sessionsOf(place);
    const devices = await newDevices();
    const [{ account, userId }] = devices;
    return {
      send: (options) => send(place, devices, options),
      async *check({ answer }) {
        // It is acknowledged, so user-service does not wait for the revocation feed.
        expect([401, isOk(answer) ? 401 : 200]).toContain(await statusAt(own.user, devices[0]));
        yield;
        const now = await areIn(devices);
        expect([[true, true], left]).toContainEqual(now);
        expectKept(answer, !now[0]);
        const { status, body } = await send(place, devices, {});
        expect(repeat).toContain(body?.code ?? status);
        yield;
        expect(await areIn(devices)).toEqual(left);
        const again = await logIn(account);
        await expectSessions([again, ...devices.filter((_device, index) => left[index])]);
        await place.expectAgreement(userId);
      },
    };
  },
});

const updatePassword: RequestToKill = {
  name: 'changing one’s password',
  outcome: 'leaves one valid password, and no earlier token or session',
  services: ['auth-service', 'user-service'],
  prepare: async (place) => {
    const { api, expectAgreement } = place;
    const { sendLogin, logIn, newDevices, statusAt, areIn } = sessionsOf(place);
    const devices = await newDevices();
    const [device] = devices;
    const { account, userId, accessToken: token } = device;
    const body = { currentPassword: account.password, newPassword: 'new correct horse' };
    return {
      send: (options) => api.call('PATCH', '/api/auth/update-password', { token, body, ...options }),
      async *check(killed) {
        yield;
        await expectAgreement(userId);
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
        const password = isNew ? body.newPassword : account.password;
        expect(await areIn([await logIn({ ...account, password })])).toEqual([true]);
      },
    };
  },
};

export const sessionRequests = [
  register,
  logInAgain,
  refreshAgain,
  ...endings.map(endSessions),
  updatePassword,
];
