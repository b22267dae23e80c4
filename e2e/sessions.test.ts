import { isIP } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  newUser,
  tokenIn,
  until,
  waitForMails,
  buildAccount,
  type Answer,
  type CallOptions,
  type Client,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { api } from './client.ts';
import {
  accepted,
  claimsOf,
  newDevice,
  outcomes,
  refresh,
  revoked,
  sessionIds,
  type Device,
  type Tokens,
} from './devices.ts';
import { asSharedAdmin, isRemote } from './systems.ts';

let admin: Client;
beforeAll(async () => {
  admin = await asSharedAdmin();
});

const asAdmin = (method: string, path: string, body?: unknown) => admin.call(method, path, { body });
const newPassword = 'new correct horse';

/** Waits until notes-service has read the revocation. */
const untilRevokedInNotes = (token: string) =>
  until(async () => (await api.call('GET', '/api/notes', { token })).status === 401);

async function mailedToken(email: string, path: string, options: CallOptions = {}): Promise<string> {
  await api.call('POST', path, { body: { email }, ...options });
  return tokenIn((await waitForMails(email, 1))[0]!);
}

describe.each([2, 20])('%i refreshes with one token at the same moment', (count) => {
  const atOnce = (refreshTokens: string[]) =>
    Promise.all(refreshTokens.map((refreshToken) => refresh(api, refreshToken)));

  test('leave all callers working, with one session and one chain of tokens', async () => {
    const user = await newUser(api);
    const sid = claimsOf(user.token)['sid'];
    let tokens = Array.from({ length: count }, () => user.refreshToken);
    for (let round = 0; round < 2; round++) {
      const answers = await atOnce(tokens);
      expect(answers.map(({ status }) => status)).toEqual(tokens.map(() => 200));
      const next: string[] = answers.map(({ body }) => body.refreshToken);
      expect(new Set(next).size).toBe(1);
      expect(next).not.toContain(tokens[0]);
      for (const { body } of [answers[0]!, answers.at(-1)!])
        expect(await outcomes(api, body.accessToken)).toEqual(accepted);
      expect(new Set(answers.map(({ body }) => claimsOf(body.accessToken)['sid']))).toEqual(new Set([sid]));
      expect(await sessionIds(api, answers[0]!.body.accessToken)).toEqual([sid]);
      tokens = next;
    }
  });
});

/** A user with two devices, of which the first has refreshed its tokens a moment ago. */
async function userWithDevices() {
  const user = await newUser(api);
  const [other, { body }] = [await newDevice(api, user), await refresh(api, user.refreshToken)];
  const current = body as Tokens;
  return { user, other, current, sessionId: String(claimsOf(user.token)['sid']) };
}
type Devices = Awaited<ReturnType<typeof userWithDevices>>;

const ended = { spent: 'invalid_refresh_token', current: 'invalid_refresh_token', ...revoked };

/** Ends of the session, and whether the other device goes on. */
const ends: Record<string, [end: (devices: Devices) => Promise<Answer>, otherGoesOn: boolean]> = {
  'a logout': [({ current }) => api.as(current.accessToken).call('POST', '/api/auth/logout'), true],
  'a logout with the refresh token': [
    ({ current: { refreshToken } }) => api.call('POST', '/api/auth/logout', { body: { refreshToken } }),
    true,
  ],
  'a logout with the spent refresh token': [
    ({ user: { refreshToken } }) => api.call('POST', '/api/auth/logout', { body: { refreshToken } }),
    true,
  ],
  'its end by another device': [
    ({ other, sessionId }) => other.call('DELETE', `/api/auth/sessions/${sessionId}`),
    true,
  ],
  'a password change by another device': [({ user, other }) => changePassword(user, other), true],
  'a logout of all sessions': [({ other }) => other.call('POST', '/api/auth/logout-all'), false],
  'the end of all sessions by an admin': [
    ({ user: { id } }) => asAdmin('DELETE', `/api/users/${id}/sessions`),
    false,
  ],
  'a password reset by mail': [
    async ({ user: { email } }) => {
      const token = await mailedToken(email, '/api/auth/forgot-password');
      return api.call('PATCH', `/api/auth/reset-password/${token}`, { body: { password: newPassword } });
    },
    false,
  ],
  'a deactivation by the user': [({ other }) => other.call('DELETE', '/api/users/delete-me'), false],
  'a deactivation and a reactivation by an admin': [
    async ({ user: { id } }) => {
      await asAdmin('PATCH', `/api/users/${id}`, { status: 'deactivated' });
      return asAdmin('PATCH', `/api/users/${id}`, { status: 'active' });
    },
    false,
  ],
  'a hard deletion by an admin': [({ user: { id } }) => asAdmin('DELETE', `/api/users/${id}`), false],
};

/** The password change gives the device that makes it new tokens. */
async function changePassword({ password }: User, device: Device): Promise<Answer> {
  const answer = await device.call('PATCH', '/api/auth/update-password', {
    body: { currentPassword: password, newPassword },
  });
  device.token = answer.body.accessToken;
  device.refreshToken = answer.body.refreshToken;
  return answer;
}

/** What becomes of the session, in all cases at the same time: notes-service needs a moment for each. */
async function causeEnds() {
  const shown = Object.entries(ends).map(async ([what, [end, otherGoesOn]]) => {
    const devices = await userWithDevices();
    const { user, other, current } = devices;
    const { status } = await end(devices);
    const atOnce = await outcomes(api, current.accessToken);
    await untilRevokedInNotes(current.accessToken);
    if (!otherGoesOn) await untilRevokedInNotes(other.token);
    const codeOf = async (token: string) => (await refresh(api, token)).body.code;
    const session = {
      spent: await codeOf(user.refreshToken),
      current: await codeOf(current.refreshToken),
      ...(await outcomes(api, current.accessToken)),
    };
    const others = {
      ...(await outcomes(api, other.token)),
      refresh: (await refresh(api, other.refreshToken)).status,
    };
    return [what, { isDone: status < 300, atOnce, session, others }] as const;
  });
  return new Map(await Promise.all(shown));
}

describe('a session whose refresh token was spent a moment ago', () => {
  let shown: Awaited<ReturnType<typeof causeEnds>>;
  beforeAll(async () => {
    shown = await causeEnds();
  });

  test.each(Object.entries(ends).map(([what, [, otherGoesOn]]) => [what, otherGoesOn] as const))(
    'is refused everywhere after %s',
    (what, otherGoesOn) => {
      const { isDone, atOnce, session, others } = shown.get(what)!;
      expect(isDone).toBe(true);
      expect(atOnce).toMatchObject({ auth: 'token_revoked', user: 'token_revoked' });
      expect(session).toEqual(ended);
      expect(others).toEqual(otherGoesOn ? { ...accepted, refresh: 200 } : { ...revoked, refresh: 401 });
    },
  );
});

describe('a session goes on', () => {
  test('with the new role after a change of the role', async () => {
    const { user, current, sessionId } = await userWithDevices();
    await asAdmin('PATCH', `/api/users/${user.id}`, { role: 'admin' });
    expect((await api.call('GET', '/api/users/me', { token: current.accessToken })).body).toMatchObject({
      code: 'token_revoked',
    });
    const { accessToken, refreshToken } = (await refresh(api, current.refreshToken)).body;
    expect(claimsOf(accessToken)).toMatchObject({ sid: sessionId, role: 'admin' });
    expect((await api.call('GET', `/api/users/${user.id}`, { token: accessToken })).status).toBe(200);
    await asAdmin('PATCH', `/api/users/${user.id}`, { role: 'user' });
    expect(claimsOf((await refresh(api, refreshToken)).body.accessToken)).toMatchObject({
      sid: sessionId,
      role: 'user',
    });
  });

  test('after its user has confirmed the email with it', async () => {
    const { user, other, current } = await userWithDevices();
    const token = await mailedToken(user.email, '/api/auth/resend-verification');
    expect((await other.call('POST', '/api/auth/verify-email', { body: { token } })).status).toBe(204);
    for (const { refreshToken } of [current, other])
      expect(await outcomes(api, (await refresh(api, refreshToken)).body.accessToken)).toEqual(accepted);
    expect(await outcomes(api, other.token)).toEqual(accepted);
  });

  test('after a change of the email', async () => {
    const { user, other, current } = await userWithDevices();
    const { email: newEmail } = buildAccount();
    const body = { currentPassword: user.password, newEmail };
    const token = await mailedToken(newEmail, '/api/auth/change-email', { token: other.token, body });
    expect((await api.call('POST', '/api/auth/verify-email', { body: { token } })).status).toBe(204);
    for (const { refreshToken } of [current, other])
      expect(await outcomes(api, (await refresh(api, refreshToken)).body.accessToken)).toEqual(accepted);
    expect((await other.call('GET', '/api/users/me')).body.email).toBe(newEmail);
  });
});

describe('the list of sessions', () => {
  test('shows the user agent and the address that the gateway has seen, of the latest use', async () => {
    const user = await newUser(api);
    const forged = {
      'X-Forwarded-For': '203.0.113.7',
      'X-Real-IP': '203.0.113.7',
      Forwarded: 'for=203.0.113.7',
    };
    const headers = { 'User-Agent': 'curl/8.14.1', ...forged };
    const { email, password } = user;
    const { body } = await api.call('POST', '/api/auth/login', { body: { email, password }, headers });
    const [session, first] = (await user.call('GET', '/api/auth/sessions')).body.items;
    expect(session).toMatchObject({ current: false, device: 'curl', userAgent: 'curl/8.14.1' });
    expect([isIP(session.ip) > 0, session.ip]).toEqual([true, first.ip]);
    expect(session.ip).toBe(isRemote ? first.ip : '127.0.0.1');

    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
    await api.call('POST', '/api/auth/refresh', {
      body: { refreshToken: body.refreshToken },
      headers: { 'User-Agent': agent },
    });
    const [renewed] = (await user.call('GET', '/api/auth/sessions')).body.items;
    expect(renewed).toMatchObject({
      id: session.id,
      device: 'Firefox on Linux',
      createdAt: session.createdAt,
    });
    expect(renewed.lastUsedAt >= session.lastUsedAt).toBe(true);
  });

  test('does not have the sessions of others, which nobody else can end, admins included', async () => {
    const [owner, stranger] = [await newUser(api), await newUser(api)];
    const id = String(claimsOf(owner.token)['sid']);
    for (const { call } of [stranger, admin]) {
      expect((await call('DELETE', `/api/auth/sessions/${id}`)).body).toMatchObject({
        status: 404,
        code: 'not_found',
      });
      expect(JSON.stringify((await call('GET', '/api/auth/sessions')).body)).not.toContain(id);
    }
    expect(await sessionIds(api, owner.token)).toEqual([id]);
  });
});

test('the receipt of a hard deletion counts the live sessions and all data of notes', async () => {
  const { user, other } = await userWithDevices();
  const create = (key: string) =>
    user.call('POST', '/api/notes', { body: { title: 'a' }, headers: { 'Idempotency-Key': key } });
  const [kept, trashed] = [(await create('one')).body, (await create('two')).body];
  await user.call('PATCH', `/api/notes/${kept.id}`, { body: { title: 'b' } });
  await user.call('DELETE', `/api/notes/${trashed.id}`);
  await newDevice(api, user);
  await other.call('POST', '/api/auth/logout');
  const { body } = await asAdmin('DELETE', `/api/users/${user.id}`);
  expect(body).toMatchObject({
    state: 'completed',
    removed: { sessions: 2, notes: 2, trashedNotes: 1, noteVersions: 2, idempotencyKeys: 2 },
  });
});
