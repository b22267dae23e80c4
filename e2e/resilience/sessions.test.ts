// Sessions when answers are lost, after the grace period, and over two instances of each service.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root } from '@polyglot-notes/local-stack/testing';
import {
  createClient,
  login,
  newUser,
  until,
  type Answer,
  type Client,
} from '@polyglot-notes/service-kit/testing';
import { accepted, claimsOf, newDevice, outcomes, refresh, revoked, sessionIds } from '../devices.ts';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

let system: System;
let stores: Stores;
let twin: Awaited<ReturnType<System['twin']>>;
let api: Client;
let otherApi: Client;
beforeAll(async () => {
  const cutSwitch = pathToFileURL(join(root, 'e2e/resilience/cut-switch.ts')).href;
  system = await startSystem({}, { NODE_OPTIONS: `--import ${cutSwitch}` });
  stores = await openStores(system);
  twin = await system.twin();
  api = system.api;
  otherApi = createClient(twin.urls.gateway);
});
afterAll(async () => {
  await stores.close();
  await twin.close();
  await system.close();
});

const newPassword = 'new correct horse';

const untilRevoked = (client: Client, token: string) =>
  until(async () => (await client.call('GET', '/api/notes', { token })).status === 401);

const sidOf = (token: string) => String(claimsOf(token)['sid']);

describe('over two instances of each service', () => {
  test('fifty refreshes with one token at the same moment make one chain of tokens', async () => {
    const user = await newUser(api);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => refresh(index % 2 === 0 ? api : otherApi, user.refreshToken)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const tokens = new Set(answers.map(({ body }) => body.refreshToken as string));
    expect(tokens.size).toBe(1);
    const sid = sidOf(user.token);
    expect(new Set(answers.map(({ body }) => sidOf(body.accessToken)))).toEqual(new Set([sid]));
    const stored = await stores.sessions.find({ userId: user.id }).toArray();
    expect(stored).toMatchObject([{ _id: sid, spent: [expect.anything()] }]);
    const next = await refresh(otherApi, [...tokens][0]!);
    expect(await outcomes(api, next.body.accessToken)).toEqual(accepted);
    expect(await sessionIds(otherApi, next.body.accessToken)).toEqual([sid]);
  });

  test('a logout at one instance is effective at the other', async () => {
    const user = await newUser(api);
    const other = await newDevice(otherApi, user);
    expect(await outcomes(otherApi, user.token)).toEqual(accepted);
    expect((await user.call('POST', '/api/auth/logout')).status).toBe(204);
    expect(await outcomes(otherApi, user.token)).toMatchObject({
      auth: 'token_revoked',
      user: 'token_revoked',
    });
    await untilRevoked(otherApi, user.token);
    expect((await refresh(otherApi, user.refreshToken)).body.code).toBe('invalid_refresh_token');
    expect(await outcomes(api, other.token)).toEqual(accepted);
  });

  type Party = Awaited<ReturnType<typeof newUser>>;
  const revocations: Record<string, (user: Party, admin: Client) => Promise<Answer>> = {
    'a logout': ({ token }) => otherApi.call('POST', '/api/auth/logout', { token }),
    'a logout of all sessions': ({ token }) => otherApi.call('POST', '/api/auth/logout-all', { token }),
    'the end of the session': ({ token }) =>
      otherApi.call('DELETE', `/api/auth/sessions/${sidOf(token)}`, { token }),
    'a password change by another device': async (user) => {
      const body = { currentPassword: user.password, newPassword };
      return (await newDevice(otherApi, user)).call('PATCH', '/api/auth/update-password', { body });
    },
    'a deactivation': ({ token }) => otherApi.call('DELETE', '/api/users/delete-me', { token }),
    'a hard deletion': ({ id }, admin) => admin.call('DELETE', `/api/users/${id}`),
  };

  test.each(Object.keys(revocations))(
    'no refresh that is in progress during %s leaves a session that works',
    async (what) => {
      const admin = await system.asAdmin();
      for (let time = 0; time < 10; time++) {
        const user = await newUser(api);
        const [answer, revocation] = await Promise.all([
          delay(time).then(() => refresh(api, user.refreshToken)),
          revocations[what]!(user, admin),
        ]);
        expect(revocation.status).toBeLessThan(300);
        expect((await refresh(api, user.refreshToken)).status).toBe(401);
        if (answer.status !== 200) continue;
        expect((await refresh(api, answer.body.refreshToken)).body.code).toBe('invalid_refresh_token');
        await untilRevoked(api, answer.body.accessToken);
        expect(await outcomes(api, answer.body.accessToken)).toEqual(revoked);
      }
    },
  );
});

describe('after the grace period', () => {
  const graceSeconds = 1;
  let strict: System;
  let twinOfStrict: Awaited<ReturnType<System['twin']>>;
  let strictTwin: Client;
  beforeAll(async () => {
    strict = await startSystem({ REFRESH_GRACE_SECONDS: String(graceSeconds) });
    twinOfStrict = await strict.twin();
    strictTwin = createClient(twinOfStrict.urls.gateway);
  });
  afterAll(async () => {
    await twinOfStrict.close();
    await strict.close();
  });

  const warnings = async (sid: string) => {
    const logs = await Promise.all(
      [strict, twinOfStrict].map(({ logFiles }) => readFile(logFiles['auth-service'] ?? '', 'utf8')),
    );
    return logs
      .flatMap((log) => log.split('\n'))
      .filter((line) => line.includes(sid) && line.includes('a spent refresh token ended its session'));
  };

  test.each([1, 20])(
    'a spent token that comes %i times at the same moment ends its session, and no other',
    async (count) => {
      const user = await newUser(strict.api);
      const other = await newDevice(strict.api, user);
      const current = (await refresh(strict.api, user.refreshToken)).body;
      await delay((graceSeconds + 0.5) * 1_000);
      expect(await outcomes(strict.api, current.accessToken)).toEqual(accepted);

      const answers = await Promise.all(
        Array.from({ length: count }, (_, index) =>
          refresh(index % 2 === 0 ? strict.api : strictTwin, user.refreshToken),
        ),
      );
      const codes = answers.map(({ status, body }) => [status, body.code]);
      expect(codes).toContainEqual([401, 'refresh_token_reused']);
      for (const code of codes)
        expect([
          [401, 'refresh_token_reused'],
          [401, 'invalid_refresh_token'],
        ]).toContainEqual(code);
      expect(await outcomes(strict.api, current.accessToken)).toMatchObject({
        auth: 'token_revoked',
        user: 'token_revoked',
      });
      await untilRevoked(strict.api, current.accessToken);
      await untilRevoked(strictTwin, current.accessToken);
      expect((await refresh(strict.api, current.refreshToken)).body.code).toBe('invalid_refresh_token');
      expect(await outcomes(strict.api, other.token)).toEqual(accepted);
      expect(await sessionIds(strict.api, other.token)).toEqual([other.sessionId]);
      expect(await warnings(sidOf(user.token))).toHaveLength(1);
    },
  );
});

// The gateway loses its answer to the client, or auth-service its answer to the gateway.
describe.each(['gateway', 'auth-service'])('when the answer of %s is lost after the write', (service) => {
  async function lose(method: string, path: string, options: { token?: string; body?: unknown }) {
    const id = `cut.${service}.${Math.random().toString(36).slice(2)}`;
    const answer = await api
      .call(method, path, { ...options, headers: { 'X-Request-Id': id } })
      .catch(() => 'no answer' as const);
    const isLost = answer === 'no answer' || answer.body.code === 'bad_gateway';
    expect([answer, isLost]).toEqual([answer, true]);
  }

  test('a refresh can be repeated, also twice', async () => {
    const user = await newUser(api);
    const body = { refreshToken: user.refreshToken };
    for (let time = 0; time < 2; time++) await lose('POST', '/api/auth/refresh', { body });
    expect(await stores.sessions.findOne({ userId: user.id })).toMatchObject({ spent: [expect.anything()] });
    const tokens = (await refresh(api, user.refreshToken)).body;
    expect(await outcomes(api, tokens.accessToken)).toEqual(accepted);
    const next = await refresh(api, tokens.refreshToken);
    expect(await sessionIds(api, next.body.accessToken)).toEqual([sidOf(user.token)]);
  });

  test('a login can be repeated, and the session nobody has can be found and ended', async () => {
    const user = await newUser(api);
    const { email, password } = user;
    await lose('POST', '/api/auth/login', { body: { email, password } });
    const device = await newDevice(api, user);
    expect(await outcomes(api, device.token)).toEqual(accepted);
    const known = [sidOf(user.token), device.sessionId];
    const lost = (await sessionIds(api, device.token)).filter((id) => !known.includes(id));
    expect(lost).toHaveLength(1);
    expect((await device.call('DELETE', `/api/auth/sessions/${lost[0]}`)).status).toBe(204);
    expect((await sessionIds(api, device.token)).toSorted()).toEqual(known.toSorted());
  });

  test('a password change has ended all sessions, and the new password opens another', async () => {
    const user = await newUser(api);
    const other = await newDevice(api, user);
    const body = { currentPassword: user.password, newPassword };
    await lose('PATCH', '/api/auth/update-password', { token: user.token, body });
    expect((await user.call('PATCH', '/api/auth/update-password', { body })).body.code).toBe('token_revoked');
    for (const { refreshToken } of [user, other])
      expect((await refresh(api, refreshToken)).body.code).toBe('invalid_refresh_token');
    expect((await login(api, user)).body.code).toBe('invalid_credentials');
    const device = await newDevice(api, { ...user, password: newPassword });
    expect(await outcomes(api, device.token)).toEqual(accepted);
  });

  test.each(['logout', 'logout-all'])('a %s is done', async (path) => {
    const user = await newUser(api);
    const other = await newDevice(api, user);
    await lose('POST', `/api/auth/${path}`, { token: user.token });
    expect((await user.call('POST', `/api/auth/${path}`)).body.code).toBe('token_revoked');
    expect((await user.call('GET', '/api/users/me')).body.code).toBe('token_revoked');
    expect((await refresh(api, user.refreshToken)).body.code).toBe('invalid_refresh_token');
    await untilRevoked(api, user.token);
    expect((await refresh(api, other.refreshToken)).status).toBe(path === 'logout' ? 200 : 401);
  });

  test('a logout with a refresh token is done, and a repeat of it is accepted', async () => {
    const user = await newUser(api);
    const body = { refreshToken: user.refreshToken };
    await lose('POST', '/api/auth/logout', { body });
    expect((await api.call('POST', '/api/auth/logout', { body })).status).toBe(204);
    await untilRevoked(api, user.token);
    expect(await outcomes(api, user.token)).toEqual(revoked);
  });
});
