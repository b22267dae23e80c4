import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { buildAccount, dropsConnection, neverAnswers, statuses } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { decodeJwt } from './jwt.ts';
import { deactivated, startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterEach(() => {
  service.time.now = undefined;
  service.userService.recover();
});
afterAll(() => service.close());

const day = 24 * 60 * 60 * 1_000;
const refused = (code: string) => ({ status: 401, code });
const sidOf = (accessToken: string) => String(decodeJwt(accessToken).claims['sid']);

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** A new account with one session, the one of its registration. */
async function newUser() {
  const account = buildAccount();
  const { body } = await service.register(account);
  const { user, accessToken, refreshToken } = body as Tokens & { user: { id: string } };
  return { ...account, id: user.id, accessToken, refreshToken, sid: sidOf(accessToken) };
}

/** Another session of the account. */
async function logIn({ email, password }: { email: string; password: string }) {
  const { body } = await service.login({ email, password });
  const { accessToken, refreshToken } = body as Tokens;
  return { accessToken, refreshToken, sid: sidOf(accessToken) };
}

async function refresh(refreshToken: string): Promise<Tokens> {
  const { status, body } = await service.refresh(refreshToken);
  expect([status, body.code]).toEqual([200, undefined]);
  return body;
}

const canCall = async (accessToken: string) => (await service.as(accessToken).sessions()).status === 200;

const sids = async (accessToken: string): Promise<string[]> =>
  (await service.as(accessToken).sessions()).body.items.map(({ id }: { id: string }) => id);

/** Moves the clock of the service. */
const pass = (ms: number) => {
  service.time.now = new Date((service.time.now ?? new Date()).getTime() + ms);
};

describe('refreshing', () => {
  test('returns new tokens of the same session', async () => {
    const user = await newUser();
    const answer = await service.refresh(user.refreshToken);
    expect(answer.body).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^[A-Za-z0-9_-]{65}$/),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    expect(answer.body.refreshToken).not.toBe(user.refreshToken);
    expect(sidOf(answer.body.accessToken)).toBe(user.sid);
    expect(await sids(answer.body.accessToken)).toEqual([user.sid]);
  });

  test('leaves no token in the database that could be used', async () => {
    const user = await newUser();
    const { refreshToken } = await refresh(user.refreshToken);
    const stored = JSON.stringify(await service.sessions(user.id));
    for (const token of [user.refreshToken, refreshToken])
      for (let at = 0; at + 16 <= token.length; at++) expect(stored).not.toContain(token.slice(at, at + 16));
  });

  test('gives fifty requests with one token the same tokens, over two instances', async () => {
    const user = await newUser();
    const context = await createContext(readConfig(service.environment));
    const other = createApp(context).listen(0);
    try {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          request(index % 2 === 0 ? service.server : other)
            .post('/api/auth/refresh')
            .send({ refreshToken: user.refreshToken }),
        ),
      );
      expect(statuses(answers)).toEqual(Array.from({ length: 50 }, () => 200));
      expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
      for (const { body } of answers) expect(sidOf(body.accessToken)).toBe(user.sid);
      const next = await refresh(answers[0]!.body.refreshToken);
      expect(await sids(next.accessToken)).toEqual([user.sid]);
    } finally {
      other.close();
      await context.close();
    }
  });

  test('with a token that was spent a moment ago returns the current tokens, however often', async () => {
    const user = await newUser();
    const second = await refresh(user.refreshToken);
    const third = await refresh(second.refreshToken);
    for (const spent of [user, second, user]) {
      const again = await refresh(spent.refreshToken);
      expect(again.refreshToken).toBe(third.refreshToken);
      expect(await canCall(again.accessToken)).toBe(true);
    }
    await refresh(third.refreshToken);
  });

  test.each(['spent once', 'spent many generations ago'])(
    'with a token %s, after the grace period, ends the session',
    async (what) => {
      const user = await newUser();
      service.stopClock();
      let current = await refresh(user.refreshToken);
      for (let i = 0; what !== 'spent once' && i < 25; i++) {
        pass(1_000);
        current = await refresh(current.refreshToken);
      }
      pass(10_000);
      expect((await service.refresh(user.refreshToken)).body).toMatchObject(refused('refresh_token_reused'));
      expect((await service.refresh(current.refreshToken)).body).toMatchObject(
        refused('invalid_refresh_token'),
      );
      expect((await service.refresh(user.refreshToken)).body).toMatchObject(refused('invalid_refresh_token'));
      expect(await canCall(current.accessToken)).toBe(false);
      expect(service.userService.hasEnded(user.sid)).toBe(true);
      expect((await service.revocations()).entries).toContainEqual({ sid: user.sid });
    },
  );

  test('counts the grace period from the use of the token, not from the latest use of the session', async () => {
    const user = await newUser();
    service.stopClock();
    const second = await refresh(user.refreshToken);
    pass(9_000);
    const third = await refresh(second.refreshToken);
    pass(1_500);
    expect((await refresh(second.refreshToken)).refreshToken).toBe(third.refreshToken);
    expect((await service.refresh(user.refreshToken)).body).toMatchObject(refused('refresh_token_reused'));
  });

  test('more than twenty times within the grace period keeps the current token, and spends it later', async () => {
    const user = await newUser();
    service.stopClock();
    let current: Tokens = user;
    for (let i = 0; i < 20; i++) current = await refresh(current.refreshToken);
    expect((await refresh(current.refreshToken)).refreshToken).toBe(current.refreshToken);
    expect((await refresh(user.refreshToken)).refreshToken).toBe(current.refreshToken);
    pass(10_000);
    expect((await refresh(current.refreshToken)).refreshToken).not.toBe(current.refreshToken);
    const [stored] = await service.sessions(user.id);
    expect(stored?.['spent']).toHaveLength(1);
  });

  test('has no grace period when REFRESH_GRACE_SECONDS is 0', async () => {
    const user = await newUser();
    const context = await createContext(readConfig({ ...service.environment, REFRESH_GRACE_SECONDS: '0' }));
    const strict = createApp(context).listen(0);
    const send = (refreshToken: string) => request(strict).post('/api/auth/refresh').send({ refreshToken });
    try {
      expect((await send(user.refreshToken)).status).toBe(200);
      expect((await send(user.refreshToken)).body).toMatchObject(refused('refresh_token_reused'));
    } finally {
      strict.close();
      await context.close();
    }
  });

  test.each([
    ['an unknown token', 'x'.repeat(65)],
    ['a text that is no token', 'not a token'],
    ['an empty text', ''],
    ['an access token', 'eyJhbGciOiJSUzI1NiJ9.e30.x'],
  ])('refuses %s', async (_what, text) => {
    expect((await service.refresh(text)).body).toMatchObject(refused('invalid_refresh_token'));
  });

  test.each([
    ['no token', undefined],
    ['an operator', { $ne: null }],
    ['a list', ['x']],
    ['a text of more than a thousand characters', 'x'.repeat(1_001)],
  ])('answers 400 for %s', async (_what, value) => {
    expect((await service.refresh(value)).body).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  test('does not mistake a changed token for a spent one of another session', async () => {
    const [user, other] = [await newUser(), await newUser()];
    const mixed = user.refreshToken.slice(0, 22) + other.refreshToken.slice(22);
    expect((await service.refresh(mixed)).body).toMatchObject(refused('refresh_token_reused'));
    await refresh(other.refreshToken);
  });
});

describe('a session', () => {
  test('ends after thirty days without a refresh, and not before', async () => {
    const user = await newUser();
    service.stopClock();
    let current: Tokens = user;
    for (let i = 0; i < 3; i++) {
      pass(30 * day - 1_000);
      current = await refresh(current.refreshToken);
    }
    pass(30 * day);
    expect((await service.refresh(current.refreshToken)).body).toMatchObject(
      refused('invalid_refresh_token'),
    );
  });

  test('ends after 180 days however often it is used, and its access tokens with it', async () => {
    const user = await newUser();
    service.stopClock();
    let current: Tokens & { expiresIn?: number } = user;
    for (let i = 0; i < 7; i++) {
      pass(25 * day);
      current = await refresh(current.refreshToken);
    }
    pass(5 * day - 60_000);
    current = await refresh(current.refreshToken);
    expect(current.expiresIn).toBeLessThanOrEqual(60);
    pass(60_000);
    expect((await service.refresh(current.refreshToken)).body).toMatchObject(
      refused('invalid_refresh_token'),
    );
  });

  test('that is the hundred-and-first of its account ends the one that was used least recently', async () => {
    const user = await newUser();
    service.stopClock();
    pass(1_000);
    const second = await logIn(user);
    pass(1_000);
    const { sessions, credentials, openSession } = service.context;
    const account = (await credentials.find(user.id))!;
    const read = (await sessions.findUnended(second.sid))!;
    const others = Array.from({ length: 98 }, () => crypto.randomUUID());
    const lastUsedAt = service.time.now;
    await service.context.db
      .collection<{ _id: string }>('sessions')
      .insertMany(others.map((_id) => ({ ...read, _id, locatorHash: _id, lastUsedAt })));
    const first = await refresh(user.refreshToken);
    expect(await sessions.count(account)).toBe(100);
    await openSession(account, {});
    expect(await sessions.count(account)).toBe(100);
    expect(await canCall(second.accessToken)).toBe(false);
    expect(service.userService.hasEnded(second.sid)).toBe(true);
    expect(await canCall(first.accessToken)).toBe(true);
  });

  test('is not opened for an account that has revoked its sessions since the password was checked', async () => {
    const user = await newUser();
    const account = (await service.context.credentials.find(user.id))!;
    await service.as(user.accessToken).logoutAll();
    expect(await service.context.openSession(account, {})).toBeUndefined();
    await service.erase(user.id);
    expect(await service.context.openSession(account, {})).toBeUndefined();
    expect(await service.sessions(user.id)).toEqual([]);
  });

  test('removes itself when its opening was interrupted', async () => {
    const user = await newUser();
    const { sessions } = service.context;
    const account = (await service.context.credentials.find(user.id))!;
    const read = (await sessions.findUnended(user.sid))!;
    const opening = { ...read, _id: 'x', locatorHash: 'x', expiresAt: new Date(Date.now() + 60_000) };
    await sessions.insert(opening);
    service.stopClock();
    pass(61_000);
    expect(await sessions.count(account)).toBe(1);
    expect(await sessions.open('x', new Date(Date.now() + day), [])).toBe(false);
  });
});

describe('inside the grace period, neither the spent nor the current token works after', () => {
  const deliver = (id: string, state: object) => service.putAccount(id, { ...deactivated, ...state });
  test.each<[string, (user: Awaited<ReturnType<typeof newUser>>, other: Tokens) => Promise<unknown>]>([
    ['a logout', async ({ accessToken }) => service.as(accessToken).logout()],
    ['a logout of all sessions', async (_user, other) => service.as(other.accessToken).logoutAll()],
    ['the end of the session', async (user, other) => service.as(other.accessToken).endSession(user.sid)],
    ['a deactivation', async ({ id }) => deliver(id, {})],
    [
      'a deactivation and a reactivation',
      async ({ id }) => {
        await deliver(id, {});
        await deliver(id, { accountVersion: 3, status: 'active' });
      },
    ],
    [
      'a password change by another session',
      async ({ password }, { accessToken }) =>
        service.updatePassword(accessToken, { currentPassword: password, newPassword: 'new correct horse' }),
    ],
    ['the hard deletion', async ({ id }) => service.erase(id)],
  ])('%s', async (_what, revoke) => {
    const user = await newUser();
    const other = await logIn(user);
    const current = await refresh(user.refreshToken);
    await revoke(user, other);
    for (const { refreshToken } of [user, current])
      expect((await service.refresh(refreshToken)).body).toMatchObject(refused('invalid_refresh_token'));
    expect(await canCall(current.accessToken)).toBe(false);
  });

  test('one of these that is answered while a refresh is in progress', async () => {
    for (let i = 0; i < 4; i++) {
      const user = await newUser();
      const other = await logIn(user);
      const [answer] = await Promise.all([
        service.refresh(user.refreshToken),
        i % 2 === 0 ? service.as(other.accessToken).logoutAll() : service.as(user.accessToken).logout(),
      ]);
      // Either the refresh was refused, or its tokens are.
      const tokens = answer.status === 200 ? (answer.body as Tokens) : user;
      expect((await service.refresh(tokens.refreshToken)).status).toBe(401);
      expect(await canCall(tokens.accessToken)).toBe(false);
    }
  });
});

describe('logging out', () => {
  const withToken = (path: string, refreshToken: unknown) =>
    request(service.server).post(`/api/auth/${path}`).send({ refreshToken });

  test('ends this session alone, at once, and notifies user-service', async () => {
    const user = await newUser();
    const other = await logIn(user);
    expect((await service.as(user.accessToken).logout()).status).toBe(204);
    expect(await canCall(user.accessToken)).toBe(false);
    expect(service.userService.hasEnded(user.sid)).toBe(true);
    expect((await service.revocations()).entries).toContainEqual({ sid: user.sid });
    expect(await sids(other.accessToken)).toEqual([other.sid]);
    expect((await service.as(user.accessToken).logout()).body).toMatchObject(refused('token_revoked'));
  });

  test('keeps no address and no user agent of the session', async () => {
    const user = await newUser();
    await service.as(user.accessToken).logout();
    const [stored] = await service.sessions(user.id);
    expect(stored).toMatchObject({ _id: user.sid, spent: [] });
    expect(stored).not.toHaveProperty('ip');
    expect(stored).not.toHaveProperty('userAgent');
  });

  test('needs only a refresh token, may be repeated, and ignores an expired access token', async () => {
    const user = await newUser();
    const other = await logIn(user);
    service.stopClock();
    pass(901_000);
    const call = () =>
      withToken('logout', user.refreshToken).set('Authorization', `Bearer ${user.accessToken}`);
    expect((await service.as(user.accessToken).logout()).body).toMatchObject(refused('token_expired'));
    expect((await call()).status).toBe(204);
    expect((await call()).status).toBe(204);
    expect((await service.refresh(user.refreshToken)).body).toMatchObject(refused('invalid_refresh_token'));
    await refresh(other.refreshToken);
  });

  test('with a spent refresh token ends its session', async () => {
    const user = await newUser();
    const current = await refresh(user.refreshToken);
    expect((await withToken('logout', user.refreshToken)).status).toBe(204);
    expect((await service.refresh(current.refreshToken)).status).toBe(401);
  });

  test('is answered while user-service is unavailable or hangs', async () => {
    for (const fault of [dropsConnection, neverAnswers]) {
      const user = await newUser();
      service.userService.faults.before = fault;
      expect((await service.as(user.accessToken).logout()).status).toBe(204);
      service.userService.recover();
      expect((await service.revocations()).entries).toContainEqual({ sid: user.sid });
    }
  });

  test.each(['logout', 'logout-all'])('%s needs a token', async (path) => {
    const call = request(service.server).post(`/api/auth/${path}`);
    expect((await call).body).toMatchObject(refused('unauthenticated'));
    expect((await withToken(path, 'x'.repeat(65))).body).toMatchObject(refused('invalid_refresh_token'));
    expect((await withToken(path, 7)).body).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  test('of all sessions ends all, at once, and notifies user-service', async () => {
    const user = await newUser();
    const other = await logIn(user);
    expect((await service.as(user.accessToken).logoutAll()).status).toBe(204);
    for (const { accessToken, refreshToken } of [user, other]) {
      expect(await canCall(accessToken)).toBe(false);
      expect((await service.refresh(refreshToken)).body).toMatchObject(refused('invalid_refresh_token'));
    }
    expect(service.userService.profile(user.id)).toMatchObject({ accessVersion: 2 });
    expect((await service.revocations()).entries).toContainEqual({ sub: user.id, minVer: 2 });
    expect(await sids((await logIn(user)).accessToken)).toHaveLength(1);
  });

  test('of all sessions needs only a refresh token of a session that lives', async () => {
    const user = await newUser();
    const other = await logIn(user);
    expect((await withToken('logout-all', user.refreshToken)).status).toBe(204);
    expect(await canCall(other.accessToken)).toBe(false);
    expect((await withToken('logout-all', user.refreshToken)).body).toMatchObject(
      refused('invalid_refresh_token'),
    );
  });

  test('of all sessions with a refresh token that was spent earlier ends only its own session', async () => {
    const user = await newUser();
    const other = await logIn(user);
    service.stopClock();
    const current = await refresh(user.refreshToken);
    pass(10_000);
    expect((await withToken('logout-all', user.refreshToken)).body).toMatchObject(
      refused('refresh_token_reused'),
    );
    expect((await service.refresh(current.refreshToken)).status).toBe(401);
    await refresh(other.refreshToken);
  });

  test('of all sessions leaves no address and no user agent in the database', async () => {
    const user = await newUser();
    await logIn(user);
    await service.as(user.accessToken).logoutAll();
    for (const session of await service.sessions(user.id))
      expect([session['ip'], session['userAgent']]).toEqual([undefined, undefined]);
  });
});

describe('the list of sessions', () => {
  test('shows each device, and which one asks', async () => {
    const user = await newUser();
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
    await service
      .login({ email: user.email, password: user.password })
      .set('User-Agent', agent)
      .set('X-Forwarded-For', '203.0.113.7');
    const { status, body } = await service.as(user.accessToken).sessions();
    expect(status).toBe(200);
    expect(body.page).toEqual({ limit: 20, nextCursor: null });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    const times = { createdAt: time, lastUsedAt: time, expiresAt: time };
    expect(body.items).toEqual([
      {
        id: expect.any(String),
        current: false,
        device: 'Firefox on Linux',
        userAgent: agent,
        ip: '203.0.113.7',
        ...times,
      },
      { id: user.sid, current: true, device: null, userAgent: null, ip: '127.0.0.1', ...times },
    ]);
  });

  test('shows no user agent of an earlier client for one that sends none', async () => {
    const user = await newUser();
    const { body } = await service
      .login({ email: user.email, password: user.password })
      .set('User-Agent', 'curl/8.14.1');
    const { accessToken } = await refresh(body.refreshToken);
    const [item] = (await service.as(accessToken).sessions()).body.items;
    expect(item).toMatchObject({ device: null, userAgent: null });
  });

  test('has pages, and only the sessions of the user', async () => {
    const user = await newUser();
    await newUser();
    for (let i = 0; i < 4; i++) await logIn(user);
    const list = (query: string) => service.as(user.accessToken).sessions(query);
    const all = await sids(user.accessToken);
    expect(all).toHaveLength(5);
    const first = (await list('?limit=2&total=true')).body;
    expect(first.page.total).toBe(5);
    const rest = (await list(`?limit=3&cursor=${first.page.nextCursor}`)).body;
    expect([...first.items, ...rest.items].map(({ id }: { id: string }) => id)).toEqual(all);
    expect((await list('?limit=2&page=3')).body.items).toHaveLength(1);
    expect((await list('?cursor=x')).body).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });

  test('is read with the index of the user, however many sessions there are', async () => {
    const { accessToken } = await newUser();
    const reads: unknown[] = [];
    service.context.db.set(
      'debug',
      (collection: string, _method: string, filter: object, options: object) => {
        if (collection === 'sessions' && JSON.stringify(filter).includes('"userId"')) reads.push(options);
      },
    );
    const { status } = await service.as(accessToken).sessions('?total=true');
    service.context.db.set('debug', false);
    expect([status, reads]).toEqual([200, Array(2).fill(expect.objectContaining({ hint: { userId: 1 } }))]);
  });

  test('ends any session of the user by its id, once', async () => {
    const user = await newUser();
    const other = await logIn(user);
    expect((await service.as(user.accessToken).endSession(other.sid)).status).toBe(204);
    expect(await canCall(other.accessToken)).toBe(false);
    expect((await service.refresh(other.refreshToken)).body).toMatchObject(refused('invalid_refresh_token'));
    expect(await sids(user.accessToken)).toEqual([user.sid]);
    expect((await service.as(user.accessToken).endSession(other.sid)).status).toBe(404);
    expect((await service.as(user.accessToken).endSession(user.sid)).status).toBe(204);
    expect(await canCall(user.accessToken)).toBe(false);
  });

  test('ends no session of somebody else', async () => {
    const [user, stranger] = [await newUser(), await newUser()];
    for (const id of [stranger.sid, 'x', crypto.randomUUID()])
      expect((await service.as(user.accessToken).endSession(id)).body).toMatchObject({
        status: 404,
        code: 'not_found',
      });
    expect(await canCall(stranger.accessToken)).toBe(true);
  });
});

describe('a password change', () => {
  const newPassword = 'new correct horse';
  const change = ({ accessToken, password }: { accessToken: string; password: string }) =>
    service.updatePassword(accessToken, { currentPassword: password, newPassword });

  test('gives its session new tokens, and ends all other sessions and all earlier tokens', async () => {
    const user = await newUser();
    const other = await logIn(user);
    const { status, body } = await change(user);
    expect([status, sidOf(body.accessToken)]).toEqual([200, user.sid]);
    for (const { accessToken, refreshToken } of [user, other]) {
      expect(await canCall(accessToken)).toBe(false);
      expect((await service.refresh(refreshToken)).body).toMatchObject(refused('invalid_refresh_token'));
    }
    expect(await sids(body.accessToken)).toEqual([user.sid]);
    await refresh(body.refreshToken);
  });

  test('that was interrupted ends every session: a thief cannot go on in the one that made it', async () => {
    const user = await newUser();
    const { credentials, passwordChanges } = service.context;
    await passwordChanges.change((await credentials.find(user.id))!, 'x', {});
    expect((await service.refresh(user.refreshToken)).body).toMatchObject(refused('invalid_refresh_token'));
  });

  test('gives its session no new tokens when that was ended with its refresh token meanwhile', async () => {
    const user = await newUser();
    const { credentials, passwordChanges, renewSession } = service.context;
    const changed = (await passwordChanges.change((await credentials.find(user.id))!, 'x', {}))!;
    const { refreshToken } = user;
    expect((await request(service.server).post('/api/auth/logout').send({ refreshToken })).status).toBe(204);
    expect(await renewSession(changed, user.sid, {})).toBeUndefined();
  });

  test('is refused when the session or all sessions ended meanwhile', async () => {
    for (const path of ['logout', 'logoutAll'] as const) {
      const user = await newUser();
      const [answer] = await Promise.all([change(user), service.as(user.accessToken)[path]()]);
      const { refreshToken } = answer.status === 200 ? (answer.body as Tokens) : user;
      expect((await service.refresh(refreshToken)).status).toBe(401);
    }
    const user = await newUser();
    const { credentials, passwordChanges } = service.context;
    const read = (await credentials.find(user.id))!;
    await service.as(user.accessToken).logoutAll();
    expect(await passwordChanges.change(read, 'x', {})).toBeNull();
  });
});

describe('a hard deletion', () => {
  test('counts the live sessions, once, and removes all', async () => {
    const user = await newUser();
    const [second, third] = [await logIn(user), await logIn(user)];
    await service.as(second.accessToken).logout();
    expect((await service.erase(user.id)).data).toEqual({ credentials: 1, sessions: 2 });
    expect((await service.erase(user.id)).data).toEqual({ credentials: 1, sessions: 2 });
    expect(await service.sessions(user.id)).toEqual([]);
    expect((await service.refresh(third.refreshToken)).body).toMatchObject(refused('invalid_refresh_token'));
  });

  test('counts none of a deactivated account', async () => {
    const user = await newUser();
    await service.putAccount(user.id, deactivated);
    expect((await service.erase(user.id)).data).toEqual({ credentials: 1, sessions: 0 });
  });
});
