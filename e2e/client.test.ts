// The package @polyglot-notes/client against the running system.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { createClient, createSession, type Tokens } from '@polyglot-notes/client';
import { root } from '@polyglot-notes/local-stack/testing';
import { buildAccount, newUser } from '@polyglot-notes/service-kit/testing';
import { api as sharedApi, urls } from './client.ts';

const run = promisify(execFile);
const withSystem = (more: Record<string, string> = {}) => ({
  cwd: root,
  env: { ...process.env, API_URL: urls.gateway, ...more },
});

test('the example registers or logs in, writes, finds, changes, pages, handles refusals, refreshes, deletes and logs out', async () => {
  const { email, password } = buildAccount();
  const example = () =>
    run(
      process.execPath,
      ['packages/client/examples/notes.ts'],
      withSystem({ EMAIL: email, PASSWORD: password }),
    );
  const lines = [
    'Found Shopping: <mark>Milk</mark>, bread',
    'Not changed to Tea: version 2 is already Milk, jam',
    'A page: Reading, Shopping',
    'A page: Travel',
    'Refused: body.title must be at most 200 characters',
    'New tokens, 1 session',
    'Logged out: unauthenticated',
    '',
  ];
  const first = await example();
  expect(first).toEqual({ stdout: [`Registered as ${email}`, ...lines].join('\n'), stderr: '' });
  // The same again, as it has left nothing behind.
  const second = await example();
  expect(second).toEqual({ stdout: [`Logged in as ${email}`, ...lines].join('\n'), stderr: '' });
});

test('a 304 has neither data nor an error', async () => {
  const { token } = await newUser(sharedApi);
  const api = createClient({ baseUrl: urls.gateway, token });
  const { data: note } = await api.POST('/api/notes', { body: { title: 'a note' } });
  const params = { path: { id: note?.id ?? '' }, header: { 'If-None-Match': '"1"' } };
  const { data, error, response } = await api.GET('/api/notes/{id}', { params });
  expect([response.status, data, error?.code]).toEqual([304, undefined, undefined]);
});

describe('the token of a client', () => {
  const readMe = async (options: Parameters<typeof createClient>[0]) => {
    const { data, error } = await createClient({ baseUrl: urls.gateway, ...options }).GET('/api/users/me');
    return data?.id ?? error?.code;
  };

  test('is a text, or a function that returns one', async () => {
    const { id, token } = await newUser(sharedApi);
    expect(await readMe({ token })).toBe(id);
    expect(await readMe({ token: () => token })).toBe(id);
    expect(await readMe({ token: async () => token })).toBe(id);
  });

  test('is requested for each call, so that it can change', async () => {
    const [one, other] = [await newUser(sharedApi), await newUser(sharedApi)];
    const tokens = [one.token, undefined, other.token];
    const api = createClient({ baseUrl: urls.gateway, token: () => tokens.shift() });
    const whoAmI = async () => (await api.GET('/api/users/me')).data?.id;
    expect([await whoAmI(), await whoAmI(), await whoAmI()]).toEqual([one.id, undefined, other.id]);
  });

  test('may be missing, and does not override the token of a call', async () => {
    const [one, other] = [await newUser(sharedApi), await newUser(sharedApi)];
    expect(await readMe({})).toBe('unauthenticated');
    const headers = { Authorization: `Bearer ${other.token}` };
    expect(await readMe({ token: one.token, headers })).toBe(other.id);
  });
});

describe('the session of a client', () => {
  /** A new account with a session, the tokens that it keeps, and the codes with which it has ended. */
  async function newSession() {
    const { email, password } = buildAccount();
    const kept: { tokens: Tokens | undefined } = { tokens: undefined };
    const ends: string[] = [];
    const session = createSession({
      baseUrl: urls.gateway,
      storage: {
        load: () => kept.tokens,
        save: (tokens) => void (kept.tokens = tokens),
        clear: () => void (kept.tokens = undefined),
      },
      onEnd: (code) => void ends.push(code),
    });
    await session.register({ email, password });
    const makeDue = () => void (kept.tokens = { ...kept.tokens!, refreshAt: 0 });
    return { session, api: session.api, kept, ends, makeDue, account: { email, password } };
  }

  test('refreshes once for many calls, and stays one session', async () => {
    const { api, kept, makeDue } = await newSession();
    const first = kept.tokens;
    makeDue();
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.GET('/api/auth/sessions')));
    expect(answers.map(({ data }) => data?.items.length)).toEqual(Array(10).fill(1));
    expect(kept.tokens?.refreshToken).not.toBe(first?.refreshToken);
  });

  test('goes on when another tab has refreshed with the same token', async () => {
    const { api, kept, makeDue } = await newSession();
    makeDue();
    const spent = { ...kept.tokens! };
    await api.GET('/api/users/me');
    const current = kept.tokens;
    kept.tokens = spent;
    expect((await api.GET('/api/users/me')).response.status).toBe(200);
    expect(kept.tokens.refreshToken).toBe(current?.refreshToken);
  });

  test('goes on after its password change, which ends another session of the account', async () => {
    const { api, ends, account } = await newSession();
    const otherEnds: string[] = [];
    const other = createSession({ baseUrl: urls.gateway, onEnd: (code) => void otherEnds.push(code) });
    await other.logIn(account);
    const body = { currentPassword: account.password, newPassword: buildAccount().password };
    expect((await api.PATCH('/api/auth/update-password', { body })).response.status).toBe(200);
    expect((await api.GET('/api/users/me')).response.status).toBe(200);
    const refused = await Promise.all([other.api.GET('/api/users/me'), other.api.GET('/api/users/me')]);
    expect(refused.map(({ error }) => error?.code)).toEqual(['token_revoked', 'token_revoked']);
    expect([otherEnds, ends]).toEqual([['invalid_refresh_token'], []]);
  });

  test('is over after a logout, even if a refresh is under way', async () => {
    const { session, api, kept, makeDue, ends } = await newSession();
    const { accessToken, refreshToken } = kept.tokens!;
    makeDue();
    const pending = api.GET('/api/users/me');
    await Promise.all([session.logOut(), pending]);
    expect([await session.isLoggedIn(), ends]).toEqual([false, []]);
    const anonymous = createClient({ baseUrl: urls.gateway, token: accessToken });
    expect((await anonymous.GET('/api/users/me')).error?.code).toBe('token_revoked');
    const again = await anonymous.POST('/api/auth/refresh', { body: { refreshToken } });
    expect(again.error?.code).toBe('invalid_refresh_token');
  });
});
