import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import { createSession, type SessionOptions, type Tokens, type TokenStorage } from '@polyglot-notes/client';
import { fakeServer, problem } from './fake-server.ts';

const account = { email: 'ada@example.com', password: 'analytical engine' };
const refresh = 'POST /api/auth/refresh';
const list = 'GET /api/notes';
const networkError = () => Promise.reject(new TypeError('fetch failed'));

/** A storage that several sessions can share, as tabs do. */
function sharedStorage(): TokenStorage & { tokens: Tokens | undefined } {
  return {
    tokens: undefined,
    async load() {
      await delay(1);
      return this.tokens;
    },
    async save(tokens) {
      await delay(1);
      this.tokens = tokens;
    },
    async clear() {
      await delay(1);
      this.tokens = undefined;
    },
  };
}

/** A session that is logged in with the tokens a1 and r1. */
async function loggedIn({ expiresIn = 900, ...options }: SessionOptions & { expiresIn?: number } = {}) {
  const server = fakeServer({ expiresIn });
  const storage = sharedStorage();
  const ends: string[] = [];
  const open = (more: SessionOptions = {}) =>
    createSession({
      baseUrl: 'http://notes.test',
      fetch: server.fetch,
      storage,
      onEnd: (code) => void ends.push(code),
      ...options,
      ...more,
    });
  const session = open();
  await session.logIn(account);
  return { server, storage, ends, session, open, api: session.api };
}

type Session = ReturnType<typeof createSession>;

/** The access token that a call arrived with, or the code of its refusal. */
async function listWith({ api }: Session, signal?: AbortSignal): Promise<string | undefined> {
  const { data, error } = await api.GET('/api/notes', signal === undefined ? {} : { signal });
  return (data as { token?: string } | undefined)?.token ?? error?.code;
}
const times = <Result>(count: number, make: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, make));

type Server = ReturnType<typeof fakeServer>;

/** Holds the next answers to `call` until `release` is called. `reached` resolves when a request has arrived. */
function hold(server: Server, call: string, answer = server.handlers[call]!) {
  const usual = server.handlers[call]!;
  const [arrival, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  server.handlers[call] = async (received) => {
    arrival.resolve();
    await release.promise;
    return answer(received);
  };
  return {
    reached: arrival.promise.then(() => {
      server.handlers[call] = usual;
    }),
    release: release.resolve,
  };
}

describe('a session', () => {
  test('sends the access token of a login or a registration with each call', async () => {
    const { session } = await loggedIn();
    expect([await listWith(session), await listWith(session)]).toEqual(['a1', 'a1']);
    await session.register(account);
    expect(await listWith(session)).toBe('a2');
  });

  test('keeps its tokens in memory when it has no storage', async () => {
    const session = createSession({ baseUrl: 'http://notes.test', fetch: fakeServer().fetch });
    expect(await session.isLoggedIn()).toBe(false);
    await session.logIn(account);
    expect([await session.isLoggedIn(), await listWith(session)]).toEqual([true, 'a1']);
    await session.logOut();
    expect([await session.isLoggedIn(), await listWith(session)]).toEqual([false, 'unauthenticated']);
  });

  test('is not logged in after a registration whose email must be confirmed first', async () => {
    const server = fakeServer();
    server.handlers['POST /api/auth/register'] = () => Response.json({ user: {} }, { status: 201 });
    const session = createSession({ baseUrl: 'http://notes.test', fetch: server.fetch });
    await session.register(account);
    expect(await session.isLoggedIn()).toBe(false);
  });

  test('is not logged in after a refused login', async () => {
    const { server, session } = await loggedIn();
    await session.logOut();
    server.handlers['POST /api/auth/login'] = () => problem(401, 'invalid_credentials');
    expect((await session.logIn(account)).error?.code).toBe('invalid_credentials');
    expect(await session.isLoggedIn()).toBe(false);
  });

  test('keeps the tokens of a password change', async () => {
    const { session, storage } = await loggedIn();
    const body = { currentPassword: account.password, newPassword: 'difference engine' };
    await session.api.PATCH('/api/auth/update-password', { body });
    expect(storage.tokens).toMatchObject({ accessToken: 'a2', refreshToken: 'r2' });
    expect(await listWith(session)).toBe('a2');
  });

  test('passes the second argument of fetch on', async () => {
    const inits: unknown[] = [];
    const server = fakeServer();
    const session = createSession({
      baseUrl: 'http://notes.test',
      requestInitExt: { dispatcher: 'proxy' },
      fetch: async (request, init?: unknown) => {
        inits.push(init);
        return server.fetch(request);
      },
    });
    await session.logIn(account);
    server.refuse('a1');
    await listWith(session);
    expect(inits).toEqual(Array.from({ length: 4 }, () => ({ dispatcher: 'proxy' })));
  });

  test('leaves a call with its own Authorization header alone', async () => {
    const { server, api } = await loggedIn();
    server.refuse('other');
    const { error } = await api.GET('/api/notes', { headers: { Authorization: 'Bearer other' } });
    expect([error?.code, server.countOf(refresh)]).toEqual(['token_expired', 0]);
  });
});

describe('a refresh', () => {
  test('is due when nine tenths of the lifetime are over, by the clock of the device', async () => {
    const begin = Date.now();
    const { storage } = await loggedIn({ expiresIn: 100 });
    const { refreshAt } = storage.tokens!;
    expect(refreshAt).toBeGreaterThanOrEqual(begin + 90_000);
    expect(refreshAt).toBeLessThanOrEqual(Date.now() + 90_000);
  });

  test('comes before the calls when it is due, once for all of them', async () => {
    const { server, session, storage } = await loggedIn();
    storage.tokens!.refreshAt = Date.now();
    expect(new Set(await times(20, () => listWith(session)))).toEqual(new Set(['a2']));
    expect([server.countOf(refresh), server.countOf(list)]).toEqual([1, 20]);
  });

  test.each(['token_expired', 'token_revoked', 'unauthenticated'])(
    'follows a 401 %s, once for all calls, and each call is repeated once',
    async (code) => {
      const { server, session, storage } = await loggedIn();
      storage.tokens!.issuedAt = 0;
      server.refuse('a1', code);
      expect(new Set(await times(20, () => listWith(session)))).toEqual(new Set(['a2']));
      expect([server.countOf(refresh), server.countOf(list)]).toEqual([1, 40]);
    },
  );

  test('does not follow a 401 unauthenticated of a token that is some seconds old', async () => {
    const { server, session, storage } = await loggedIn();
    for (const token of ['a1', 'a2']) server.refuse(token, 'unauthenticated');
    storage.tokens!.issuedAt = Date.now() - 20_000;
    expect([await listWith(session), server.countOf(refresh)]).toEqual(['unauthenticated', 0]);
    storage.tokens!.issuedAt = Date.now() - 40_000;
    expect([await listWith(session), server.countOf(refresh)]).toEqual(['unauthenticated', 1]);
    expect([await listWith(session), server.countOf(refresh)]).toEqual(['unauthenticated', 1]);
  });

  test('does not follow other refusals', async () => {
    const { server, session } = await loggedIn();
    server.handlers[list] = () => problem(401, 'invalid_credentials');
    expect(await listWith(session)).toBe('invalid_credentials');
    server.handlers[list] = () => problem(403, 'forbidden');
    expect(await listWith(session)).toBe('forbidden');
    expect(server.countOf(refresh)).toBe(0);
  });

  test('repeats a call with its body', async () => {
    const { server, api } = await loggedIn();
    server.refuse('a1');
    const { data, response } = await api.POST('/api/notes', { body: { title: 'Shopping' } });
    expect([response.status, data]).toEqual([201, { title: 'Shopping' }]);
  });

  test('does not repeat a call with a stream, which can be sent only once', async () => {
    const { server, session, api } = await loggedIn();
    server.refuse('a1');
    const clone = jest.spyOn(Request.prototype, 'clone');
    const { error } = await api.POST('/api/notes', {
      body: { title: 'Shopping' },
      bodySerializer: (body) => new Blob([JSON.stringify(body)]).stream(),
      duplex: 'half',
    });
    expect([error?.code, server.countOf('POST /api/notes'), clone.mock.calls]).toEqual([
      'token_expired',
      1,
      [],
    ]);
    clone.mockRestore();
    expect([await listWith(session), server.countOf(refresh)]).toEqual(['a2', 1]);
  });

  test('is not repeated when the new token is refused as well', async () => {
    const { server, session, ends } = await loggedIn();
    server.refuse('a1');
    server.refuse('a2', 'token_revoked');
    expect(await listWith(session)).toBe('token_revoked');
    expect([server.countOf(refresh), server.countOf(list), ends]).toEqual([1, 2, []]);
  });

  test('is not needed when a password change has stored new tokens meanwhile', async () => {
    const { server, session, api } = await loggedIn();
    const held = hold(server, list, () => problem(401, 'token_revoked'));
    const listed = listWith(session);
    await held.reached;
    const body = { currentPassword: account.password, newPassword: 'difference engine' };
    await api.PATCH('/api/auth/update-password', { body });
    held.release();
    expect([await listed, server.countOf(refresh)]).toEqual(['a2', 0]);
  });

  test('is repeated at once when its answer is lost, because the server may have rotated the token', async () => {
    const { server, session } = await loggedIn();
    server.refuse('a1');
    const usual = server.handlers[refresh]!;
    server.handlers[refresh] = () => {
      server.handlers[refresh] = usual;
      return networkError();
    };
    expect([await listWith(session), server.countOf(refresh)]).toEqual(['a2', 2]);
  });
});

describe('a refresh without an answer', () => {
  const never = () => new Promise<Response>(() => {});

  test('is repeated in time', async () => {
    const { server, session } = await loggedIn({ refreshTimeoutMs: 20 });
    server.refuse('a1');
    const usual = server.handlers[refresh]!;
    server.handlers[refresh] = () => {
      server.handlers[refresh] = usual;
      return never();
    };
    expect([await listWith(session), server.countOf(refresh)]).toEqual(['a2', 2]);
  });

  test('is an error of the waiting calls after the second attempt', async () => {
    const { server, session, storage, ends } = await loggedIn({ refreshTimeoutMs: 20 });
    server.refuse('a1');
    server.handlers[refresh] = never;
    await expect(listWith(session)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect([server.countOf(refresh), storage.tokens?.refreshToken, ends]).toEqual([2, 'r1', []]);
  });
});

describe('a refresh that fails for now', () => {
  test.each([429, 500, 503])('is the answer of the waiting calls: %i', async (status) => {
    const { server, session, storage, ends } = await loggedIn();
    server.refuse('a1');
    const usual = server.handlers[refresh]!;
    server.handlers[refresh] = () => problem(status, `problem ${status}`);
    expect(await times(3, () => listWith(session))).toEqual(Array(3).fill(`problem ${status}`));
    expect([storage.tokens?.refreshToken, ends]).toEqual(['r1', []]);
    server.handlers[refresh] = usual;
    expect(await listWith(session)).toBe('a2');
  });

  test.each([
    [502, 502],
    [401, 401],
    [200, 502],
  ])('is a problem of the waiting calls when its answer %i is empty', async (status, expected) => {
    const { server, api, storage, ends } = await loggedIn();
    server.refuse('a1');
    server.handlers[refresh] = () => new Response(null, { status, headers: { 'Content-Length': '0' } });
    const { error, response } = await api.GET('/api/notes');
    expect([response.status, error]).toEqual([
      expected,
      { status: expected, code: 'service_unavailable', title: 'The refresh failed' },
    ]);
    expect([storage.tokens?.refreshToken, ends]).toEqual(['r1', []]);
  });

  test('is an error of the waiting calls when the network fails', async () => {
    const { server, session, storage, ends } = await loggedIn();
    server.refuse('a1');
    const usual = server.handlers[refresh]!;
    server.handlers[refresh] = networkError;
    const results = await Promise.allSettled([listWith(session), listWith(session)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([storage.tokens?.refreshToken, ends]).toEqual(['r1', []]);
    server.handlers[refresh] = usual;
    expect(await listWith(session)).toBe('a2');
  });

  test('does not keep a call from using a token that is still valid', async () => {
    const { server, session, storage } = await loggedIn();
    storage.tokens!.refreshAt = Date.now();
    server.handlers[refresh] = networkError;
    expect(await listWith(session)).toBe('a1');
  });

  test('is not tried again by the same call', async () => {
    const { server, session, storage } = await loggedIn();
    storage.tokens!.refreshAt = Date.now();
    server.refuse('a1');
    server.handlers[refresh] = () => problem(429, 'rate_limited');
    expect([await listWith(session), server.countOf(refresh)]).toEqual(['rate_limited', 1]);
  });

  test('lets a call end when its signal aborts, and goes on for the others', async () => {
    const { server, session } = await loggedIn();
    server.refuse('a1');
    const held = hold(server, refresh);
    const controller = new AbortController();
    const aborted = listWith(session, controller.signal);
    const other = listWith(session);
    await held.reached;
    controller.abort();
    await expect(aborted).rejects.toThrow('aborted');
    held.release();
    expect(await other).toBe('a2');
  });
});

describe('the end of a session', () => {
  test.each(['refresh_token_reused', 'invalid_refresh_token'])(
    'is reported once, with %s, and the waiting calls get their 401',
    async (code) => {
      const { server, session, ends } = await loggedIn();
      server.refuse('a1', 'token_revoked');
      server.handlers[refresh] = () => problem(401, code);
      expect(await times(5, () => listWith(session))).toEqual(Array(5).fill('token_revoked'));
      expect([ends, await session.isLoggedIn()]).toEqual([[code], false]);
      expect([await listWith(session), server.countOf(refresh)]).toEqual(['unauthenticated', 1]);
    },
  );

  test('is reported once when the refresh was due', async () => {
    const { server, session, storage, ends } = await loggedIn();
    storage.tokens!.refreshAt = Date.now();
    server.refuse('a1');
    server.handlers[refresh] = () => problem(401, 'invalid_refresh_token');
    expect(await times(5, () => listWith(session))).toEqual(Array(5).fill('token_expired'));
    expect([ends, server.countOf(refresh)]).toEqual([['invalid_refresh_token'], 1]);
  });

  test('is logged, and does not disturb the waiting calls, when onEnd throws', async () => {
    const log = jest.spyOn(console, 'error').mockReturnValue();
    const failure = new Error('no login form');
    const onEnd = () => {
      throw failure;
    };
    const { server, session } = await loggedIn({ onEnd });
    server.refuse('a1');
    server.handlers[refresh] = () => problem(401, 'invalid_refresh_token');
    expect(await times(2, () => listWith(session))).toEqual(['token_expired', 'token_expired']);
    expect(log.mock.calls).toEqual([[failure]]);
    log.mockRestore();
  });

  test('is followed by a new session after a login', async () => {
    const { server, session, ends } = await loggedIn();
    server.refuse('a1');
    server.handlers[refresh] = () => problem(401, 'invalid_refresh_token');
    await listWith(session);
    await session.logIn(account);
    expect([await listWith(session), ends.length]).toEqual(['a2', 1]);
  });
});

describe('a logout', () => {
  test('ends the session on the server, whatever the access token is worth', async () => {
    const { server, session, ends } = await loggedIn();
    server.refuse('a1');
    const tokens: string[] = [];
    server.handlers['POST /api/auth/logout'] = ({ body }) => {
      tokens.push(body['refreshToken'] ?? '');
      return new Response(null, { status: 204 });
    };
    expect((await session.logOut())?.response.status).toBe(204);
    expect(await session.logOut()).toBeUndefined();
    expect([tokens, server.countOf(refresh), ends]).toEqual([['r1'], 0, []]);
  });

  test('forgets the tokens when the server cannot be reached', async () => {
    const { server, session } = await loggedIn();
    server.handlers['POST /api/auth/logout'] = networkError;
    await expect(session.logOut()).rejects.toThrow('fetch failed');
    expect([await session.isLoggedIn(), await listWith(session)]).toEqual([false, 'unauthenticated']);
  });

  test('wins over a refresh that is under way', async () => {
    const { server, session, storage, ends } = await loggedIn();
    server.refuse('a1');
    const held = hold(server, refresh, () => server.issue());
    const listed = listWith(session);
    await held.reached;
    await session.logOut();
    held.release();
    expect([await listed, storage.tokens, ends]).toEqual(['token_expired', undefined, []]);
  });

  test('wins over a storage that is still saving', async () => {
    const { server, session, storage } = await loggedIn();
    server.refuse('a1');
    const [arrival, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    storage.save = async (tokens) => {
      arrival.resolve();
      await release.promise;
      storage.tokens = tokens;
    };
    const listed = listWith(session);
    await arrival.promise;
    const loggedOut = session.logOut();
    // Time for a removal that does not wait for the saving.
    await delay(10);
    release.resolve();
    await Promise.all([listed, loggedOut]);
    expect(storage.tokens).toBeUndefined();
  });

  test('during a password change ends the session with the new tokens', async () => {
    const { server, session, api, storage } = await loggedIn();
    const change = 'PATCH /api/auth/update-password';
    const held = hold(server, change);
    const body = { currentPassword: account.password, newPassword: 'difference engine' };
    const changed = api.PATCH('/api/auth/update-password', { body });
    await held.reached;
    const ended: string[] = [];
    server.handlers['POST /api/auth/logout'] = ({ body: { refreshToken } }) => {
      ended.push(refreshToken!);
      return new Response(null, { status: 204 });
    };
    const loggedOut = session.logOut();
    // Time for a logout that does not wait.
    await delay(20);
    held.release();
    await Promise.all([changed, loggedOut]);
    expect([ended, storage.tokens]).toEqual([['r2'], undefined]);
  });

  test('is not reported as an end when the refresh is refused because of it', async () => {
    const { server, session, ends } = await loggedIn();
    server.refuse('a1');
    const held = hold(server, refresh, () => problem(401, 'invalid_refresh_token'));
    const listed = listWith(session);
    await held.reached;
    await session.logOut();
    held.release();
    expect([await listed, ends]).toEqual(['token_expired', []]);
  });

  test.each(['/api/auth/logout', '/api/auth/logout-all'] as const)(
    'through the client forgets the tokens too: %s',
    async (path) => {
      const { session, api } = await loggedIn();
      await api.POST(path, { body: {} });
      expect(await session.isLoggedIn()).toBe(false);
    },
  );
});

describe('a refresh during a password change of the session', () => {
  const change = 'PATCH /api/auth/update-password';
  const body = { currentPassword: account.password, newPassword: 'difference engine' };

  test('waits for the tokens of the change', async () => {
    const { server, session, api, ends } = await loggedIn();
    const held = hold(server, change);
    const changed = api.PATCH('/api/auth/update-password', { body });
    await held.reached;
    server.refuse('a1', 'token_revoked');
    server.handlers[refresh] = () => problem(401, 'invalid_refresh_token');
    const listed = listWith(session);
    // Time for a refresh that does not wait.
    await delay(20);
    held.release();
    expect([(await changed).response.status, await listed]).toEqual([200, 'a2']);
    expect([server.countOf(refresh), ends]).toEqual([0, []]);
  });

  test('does not end the session when it was sent before and is refused', async () => {
    const { server, session, api, storage, ends } = await loggedIn();
    const heldRefresh = hold(server, refresh, () => problem(401, 'invalid_refresh_token'));
    storage.tokens!.refreshAt = 0;
    const listed = listWith(session);
    await heldRefresh.reached;
    storage.tokens!.refreshAt = Infinity;
    const heldChange = hold(server, change);
    const changed = api.PATCH('/api/auth/update-password', { body });
    await heldChange.reached;
    heldRefresh.release();
    // Time for an end that does not wait.
    await delay(20);
    heldChange.release();
    expect([(await changed).response.status, await listed, ends]).toEqual([200, 'a2', []]);
  });

  test('comes before the change when the change needs it', async () => {
    const { server, session, api } = await loggedIn();
    server.refuse('a1');
    server.handlers[change] = ({ token }) =>
      token === 'a1' ? problem(401, 'token_expired') : server.issue();
    expect((await api.PATCH('/api/auth/update-password', { body })).response.status).toBe(200);
    expect([await listWith(session), server.countOf(change)]).toEqual(['a3', 2]);
  });

  test('is sent when the change has failed', async () => {
    const { server, session, api } = await loggedIn();
    const held = hold(server, change, networkError);
    const changed = api.PATCH('/api/auth/update-password', { body });
    await held.reached;
    server.refuse('a1');
    const listed = listWith(session);
    held.release();
    await expect(changed).rejects.toThrow('fetch failed');
    expect([await listed, server.countOf(refresh)]).toEqual(['a2', 1]);
  });
});

describe('a login during a refresh', () => {
  test('is kept', async () => {
    const { server, session, storage, ends } = await loggedIn();
    server.refuse('a1');
    const held = hold(server, refresh, () => problem(401, 'invalid_refresh_token'));
    const listed = listWith(session);
    await held.reached;
    await session.logIn(account);
    held.release();
    expect([await listed, storage.tokens?.accessToken, ends]).toEqual(['a2', 'a2', []]);
  });
});

describe('two sessions with one storage, as in two tabs', () => {
  test('use the tokens that the other has refreshed', async () => {
    const { server, session, open } = await loggedIn();
    const other = open();
    server.refuse('a1');
    expect([await listWith(session), await listWith(other)]).toEqual(['a2', 'a2']);
    expect(server.countOf(refresh)).toBe(1);
  });

  test('read the storage before a refresh', async () => {
    const { server, session, open } = await loggedIn();
    const other = open();
    server.refuse('a1');
    const held = hold(server, list);
    const late = listWith(session);
    await held.reached;
    expect(await listWith(other)).toBe('a2');
    held.release();
    expect([await late, server.countOf(refresh)]).toEqual(['a2', 1]);
  });

  test('both go on when both refresh at once, and keep one refresh token', async () => {
    const { server, session, storage, open, ends } = await loggedIn();
    const other = open();
    server.refuse('a1');
    let issued = 1;
    server.handlers[refresh] = () =>
      Response.json({ accessToken: `a${++issued}`, refreshToken: 'r2', tokenType: 'Bearer', expiresIn: 900 });
    const both = await Promise.all([listWith(session), listWith(other)]);
    expect(both).toEqual([expect.stringMatching(/^a[23]$/), expect.stringMatching(/^a[23]$/)]);
    expect([storage.tokens?.refreshToken, server.countOf(refresh), ends]).toEqual(['r2', 2, []]);
  });

  test('are not ended by a late refusal of a token that the other has replaced', async () => {
    const { server, session, open, ends } = await loggedIn();
    const other = open();
    server.refuse('a1');
    const held = hold(server, refresh, () => problem(401, 'refresh_token_reused'));
    const late = listWith(session);
    await held.reached;
    expect(await listWith(other)).toBe('a2');
    held.release();
    expect([await late, ends]).toEqual(['a2', []]);
  });

  test('are both logged out by one, which the other reports once', async () => {
    const { session, open, ends } = await loggedIn();
    const other = open();
    await listWith(other);
    await session.logOut();
    expect([await session.isLoggedIn(), ends]).toEqual([false, []]);
    expect([await other.isLoggedIn(), await listWith(other)]).toEqual([false, 'unauthenticated']);
    expect(ends).toEqual(['tokens_removed']);
  });

  test('both report the end, each once', async () => {
    const { server, session, open, ends } = await loggedIn();
    const other = open();
    await listWith(other);
    server.refuse('a1', 'token_revoked');
    server.handlers[refresh] = () => problem(401, 'invalid_refresh_token');
    expect([await listWith(session), ends]).toEqual(['token_revoked', ['invalid_refresh_token']]);
    expect(await times(3, () => listWith(other))).toEqual(Array(3).fill('unauthenticated'));
    expect([await listWith(session), ends]).toEqual([
      'unauthenticated',
      ['invalid_refresh_token', 'tokens_removed'],
    ]);
  });

  test('both report an end that they meet at the same time', async () => {
    const { server, session, open } = await loggedIn();
    const otherEnds: string[] = [];
    const ends: string[] = [];
    const tabs = [ends, otherEnds].map((codes) => open({ onEnd: (code) => void codes.push(code) }));
    await Promise.all(tabs.map((tab) => listWith(tab)));
    server.refuse('a1', 'token_revoked');
    server.handlers[refresh] = () => problem(401, 'invalid_refresh_token');
    await Promise.all(tabs.map((tab) => listWith(tab)));
    expect([ends.length, otherEnds.length, await session.isLoggedIn()]).toEqual([1, 1, false]);
  });

  test('report nothing when they start without tokens', async () => {
    const { session, open, ends } = await loggedIn();
    await session.logOut();
    expect([await listWith(open()), ends]).toEqual(['unauthenticated', []]);
  });
});

test('the examples of the README are those that the compiler checks', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const withoutIndent = (text: string) => text.replace(/^ +/gm, '');
  const checked = withoutIndent(read('readme.ts'));
  const examples = [...read('../README.md').matchAll(/^```ts\n(.+?)^```/gms)].map(([, code]) => code!);
  expect(examples.length).toBe(2);
  for (const example of examples)
    expect(checked).toContain(withoutIndent(example.replace(/^import .+\n\n?/gm, '')));
});
