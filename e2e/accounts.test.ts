import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  login as loginAt,
  newUser,
  tokenIn,
  until,
  waitForMails,
  type Answer,
  type Client,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { api, call, shared } from './client.ts';
import { openStores } from './stores.ts';
import { asSharedAdmin, testOwn } from './systems.ts';

let admin: Client;
beforeAll(async () => {
  admin = await asSharedAdmin();
});

const asAdmin = (method: string, path: string, body?: unknown) => admin.call(method, path, { body });
const login = (credentials: { email: string; password: string }) => loginAt(api, credentials);

async function notesInDatabase(userId: string): Promise<number> {
  const stores = await openStores(shared);
  const count = await stores.countNotes(userId);
  await stores.close();
  return count;
}

describe('a user who deactivates their account', () => {
  test('cannot log in or use their tokens until an admin reactivates it, and then finds their notes', async () => {
    const user = await newUser(api);
    await user.call('POST', '/api/notes', { body: { title: 'kept' } });
    expect((await user.call('DELETE', '/api/users/delete-me')).status).toBe(204);
    expect((await login(user)).body).toMatchObject({ status: 403, code: 'account_deactivated' });
    expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ code: 'token_revoked' });
    expect(
      (
        await user.call('PATCH', '/api/auth/update-password', {
          body: { currentPassword: user.password, newPassword: 'new correct horse' },
        })
      ).body,
    ).toMatchObject({ code: 'token_revoked' });
    expect((await call('POST', '/api/auth/register', { body: user.account })).body).toMatchObject({
      code: 'email_taken',
    });

    expect((await asAdmin('PATCH', `/api/users/${user.id}`, { status: 'active' })).status).toBe(200);
    const token: string = (await login(user)).body.accessToken;
    expect((await call('GET', '/api/notes', { token })).body.items).toMatchObject([{ title: 'kept' }]);
  });
});

describe('a user whom an admin deletes', () => {
  test('cannot log in again, and the email and username are free', async () => {
    const user = await newUser(api);
    for (const title of ['one', 'two', 'three']) await user.call('POST', '/api/notes', { body: { title } });
    await login(user);
    const { status, body } = await asAdmin('DELETE', `/api/users/${user.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: user.id,
      state: 'completed',
      removed: { profile: 1, credentials: 1, sessions: 2, notes: 3 },
    });
    expect((await asAdmin('DELETE', `/api/users/${user.id}`)).body).toEqual(body);
    expect((await login(user)).body).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect((await user.call('POST', '/api/notes', { body: { title: 'late' } })).body).toMatchObject({
      code: 'token_revoked',
    });

    const heir = await call('POST', '/api/auth/register', { body: user.account });
    expect(heir.status).toBe(201);
    expect(heir.body.user.id).not.toBe(user.id);
  });

  testOwn(
    'leaves neither email nor user agent in any store, and its audit trail keeps types and times',
    async () => {
      const account = buildAccount();
      const userAgent = `Agent-of-${account.username}`;
      const from = { headers: { 'User-Agent': userAgent } };
      const { body: registered } = await call('POST', '/api/auth/register', { body: account, ...from });
      const { id } = registered.user;
      const { email, password } = account;
      for (const typed of [password, 'wrong horse'])
        await call('POST', '/api/auth/login', { body: { email, password: typed }, ...from });
      const trail = `/api/auth/events?userId=${id}`;
      const before: { type: string; at: string; userAgent: string }[] = (await asAdmin('GET', trail)).body
        .items;
      expect(before.map((event) => [event.type, event.userAgent])).toEqual(
        ['login_failed', 'logged_in', 'registered'].map((type) => [type, userAgent]),
      );
      expect((await asAdmin('DELETE', `/api/users/${id}`)).status).toBe(200);
      await call('POST', '/api/auth/login', { body: { email, password }, ...from });

      const after: typeof before = (await asAdmin('GET', trail)).body.items;
      expect(after).toMatchObject([
        { type: 'deleted' },
        ...before.map(({ type, at }) => ({ type, at, address: null, userAgent: null, details: {} })),
      ]);
      const stores = await openStores(shared);
      // The notice of the deletion is sent, and leaves its tombstone.
      await until(
        async () => (await stores.erasures.countDocuments({ _id: id, 'mails.0': { $exists: true } })) === 0,
      );
      const stored = await stores.everything();
      await stores.close();
      for (const text of [email, userAgent]) expect(stored).not.toContain(text);
    },
  );

  testOwn('leaves no note in the database, and cannot write another', async () => {
    const user = await newUser(api);
    for (const title of ['one', 'two', 'three']) await user.call('POST', '/api/notes', { body: { title } });
    expect(await notesInDatabase(user.id)).toBe(3);
    expect((await asAdmin('DELETE', `/api/users/${user.id}`)).status).toBe(200);
    expect(await notesInDatabase(user.id)).toBe(0);
    await user.call('POST', '/api/notes', { body: { title: 'late' } });
    expect(await notesInDatabase(user.id)).toBe(0);
  });
});

describe('a user whose sessions an admin ends', () => {
  test('cannot refresh any of them, and logs in again to the same account', async () => {
    const user = await newUser(api);
    const refreshTokens: string[] = [(await login(user)).body, (await login(user)).body].map(
      ({ refreshToken }) => refreshToken,
    );
    expect((await asAdmin('DELETE', `/api/users/${user.id}/sessions`)).status).toBe(204);
    for (const refreshToken of refreshTokens)
      expect((await call('POST', '/api/auth/refresh', { body: { refreshToken } })).body).toMatchObject({
        status: 401,
        code: 'invalid_refresh_token',
      });
    const { accessToken: token } = (await login(user)).body;
    expect((await call('GET', '/api/users/me', { token })).body).toMatchObject({
      id: user.id,
      status: 'active',
    });
  });
});

describe('a user who has forgotten their password', () => {
  const reset = (token: string, password: string) =>
    call('PATCH', `/api/auth/reset-password/${token}`, { body: { password } });
  const invalid = { status: 400, code: 'invalid_reset_token' };

  test('gets a token by mail that works once and invalidates the other one', async () => {
    const user = await newUser(api);
    for (const mails of [1, 2]) {
      const answer = await call('POST', '/api/auth/forgot-password', { body: { email: user.email } });
      expect(answer.status).toBe(202);
      await waitForMails(user.email, mails);
    }
    const [first = '', second = ''] = (await waitForMails(user.email, 2)).map(tokenIn);

    expect((await reset(first, 'password1')).body).toMatchObject({
      errors: [{ path: 'body.password', code: 'password_common' }],
    });
    expect((await reset(first, 'new correct horse')).status).toBe(204);
    expect((await reset(first, 'third correct horse')).body).toMatchObject(invalid);
    expect((await reset(second, 'third correct horse')).body).toMatchObject(invalid);
    expect((await login(user)).status).toBe(401);
    expect((await login({ ...user, password: 'new correct horse' })).status).toBe(200);
  });

  testOwn('leaves neither token nor password in any log', async () => {
    const user = await newUser(api);
    await call('POST', '/api/auth/forgot-password', { body: { email: user.email } });
    const [token = ''] = (await waitForMails(user.email, 1)).map(tokenIn);
    expect((await reset(token, 'fourth correct horse')).status).toBe(204);
    for (const file of Object.values(shared.logFiles)) {
      const log = await readFile(file, 'utf8');
      expect(log).toContain('"msg":"listening"');
      for (const secret of [token, 'fourth correct horse', user.password]) expect(log).not.toContain(secret);
    }
  });

  test('gets the same answer whether or not there is an account', async () => {
    const user = await newUser(api);
    const answers = await Promise.all(
      [user.email, buildAccount().email].map((email) =>
        call('POST', '/api/auth/forgot-password', { body: { email } }),
      ),
    );
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [202, undefined],
      [202, undefined],
    ]);
  });
});

describe('the tokens of a user', () => {
  const everywhere = ['/api/users/me', '/api/notes'];
  const codes = (token: string) =>
    Promise.all(everywhere.map(async (path) => (await call('GET', path, { token })).body.code as unknown));
  const revoked = ['token_revoked', 'token_revoked'];

  const revocations: [string, (user: User) => Promise<unknown>][] = [
    ['deactivates their account', (user) => user.call('DELETE', '/api/users/delete-me')],
    ['is deactivated', ({ id }) => asAdmin('PATCH', `/api/users/${id}`, { status: 'deactivated' })],
    ['is given another role', ({ id }) => asAdmin('PATCH', `/api/users/${id}`, { role: 'admin' }).then(undo)],
    ['has their sessions ended by an admin', ({ id }) => asAdmin('DELETE', `/api/users/${id}/sessions`)],
    ['is deleted', ({ id }) => asAdmin('DELETE', `/api/users/${id}`)],
    [
      'changes their password',
      (user) =>
        user.call('PATCH', '/api/auth/update-password', {
          body: { currentPassword: user.password, newPassword: 'new correct horse' },
        }),
    ],
    [
      'resets their password',
      async ({ email }) => {
        await call('POST', '/api/auth/forgot-password', { body: { email } });
        const [mail] = await waitForMails(email, 1);
        const body = { password: 'new correct horse' };
        return call('PATCH', `/api/auth/reset-password/${tokenIn(mail!)}`, { body });
      },
    ],
  ];
  const undo = ({ body }: Answer) => asAdmin('PATCH', `/api/users/${body.id}`, { role: 'user' });

  test.each(revocations)('are revoked everywhere when the user %s', async (_what, revoke) => {
    const user = await newUser(api);
    expect(await codes(user.token)).toEqual([undefined, undefined]);
    await revoke(user);
    // auth-service and user-service refuse the token from then on, the others within a second.
    expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ code: 'token_revoked' });
    await until(async () => (await user.call('GET', '/api/notes')).status === 401);
    expect(await codes(user.token)).toEqual(revoked);
  });

  test('stay revoked when the account is reactivated', async () => {
    const user = await newUser(api);
    for (const status of ['deactivated', 'active'])
      expect((await asAdmin('PATCH', `/api/users/${user.id}`, { status })).status).toBe(200);
    expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ code: 'token_revoked' });
    await until(async () => (await user.call('GET', '/api/notes')).status === 401);
    const { accessToken } = (await login(user)).body;
    expect(await codes(accessToken)).toEqual([undefined, undefined]);
  });

  test('are valid after a change of the password only when they are new', async () => {
    const user = await newUser(api);
    const { body } = await user.call('PATCH', '/api/auth/update-password', {
      body: { currentPassword: user.password, newPassword: 'new correct horse' },
    });
    expect(await codes(body.accessToken)).toEqual([undefined, undefined]);
  });
});
