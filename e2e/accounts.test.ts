import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tokenIn, until, waitForMails } from '@polyglot-notes/service-kit/testing';
import { call as callAt, logIn, newAccount, newUser, type Answer, type CallOptions } from './client.ts';
import { openStores } from './stores.ts';
import { systemForTests, testOwn } from './systems.ts';

let system: Awaited<ReturnType<typeof systemForTests>>;
let admin: { email: string; password: string; token: string };
beforeAll(async () => {
  system = await systemForTests();
  admin = { ...system.admin, token: await logIn(system.admin, system.gateway) };
});
afterAll(() => system.close());

const call = (method: string, path: string, options: CallOptions = {}) =>
  callAt(method, path, { baseUrl: system.gateway, ...options });
const person = () => newUser(system.gateway);
const asAdmin = (method: string, path: string, body?: unknown) =>
  call(method, path, { token: admin.token, body });
const login = ({ email, password }: { email: string; password: string }) =>
  call('POST', '/api/auth/login', { body: { email, password } });

async function notesInDatabase(userId: string): Promise<number> {
  const stores = await openStores(system.own!);
  const count = await stores.countNotes(userId);
  await stores.close();
  return count;
}

describe('a person who switches their account off', () => {
  test('cannot log in or use their tokens, until an admin switches it on, and finds their notes then', async () => {
    const user = await person();
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

describe('a user whom an admin destroys', () => {
  test('cannot come back, and frees email and username', async () => {
    const user = await person();
    for (const title of ['one', 'two', 'three']) await user.call('POST', '/api/notes', { body: { title } });
    const { status, body } = await asAdmin('DELETE', `/api/users/${user.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: user.id,
      state: 'completed',
      removed: { profile: 1, credentials: 1, sessions: 0, notes: 3 },
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

  testOwn('leaves no note in the database, and writes none any more', async () => {
    const user = await person();
    for (const title of ['one', 'two', 'three']) await user.call('POST', '/api/notes', { body: { title } });
    expect(await notesInDatabase(user.id)).toBe(3);
    expect((await asAdmin('DELETE', `/api/users/${user.id}`)).status).toBe(200);
    expect(await notesInDatabase(user.id)).toBe(0);
    await user.call('POST', '/api/notes', { body: { title: 'late' } });
    expect(await notesInDatabase(user.id)).toBe(0);
  });
});

describe('two admins who demote each other at once', () => {
  type Party = { id: string; email: string; password: string; token: string };

  test('leave one of them, 50 times', async () => {
    const { id } = (await asAdmin('GET', '/api/users/me')).body;
    let one: Party = { ...admin, id };
    let two: Party = await person();
    for (let round = 1; round <= 50; round++) {
      const promoted = await call('PATCH', `/api/users/${two.id}`, {
        token: one.token,
        body: { role: 'admin' },
      });
      expect([round, promoted.status]).toEqual([round, 200]);
      two.token = (await login(two)).body.accessToken;
      const demote = (by: { token: string }, whom: { id: string }) =>
        call('PATCH', `/api/users/${whom.id}`, { token: by.token, body: { role: 'user' } });
      const answers = await Promise.all([demote(one, two), demote(two, one)]);
      expect([round, answers.filter(({ status }) => status === 200).length]).toEqual([round, 1]);
      // The one who is an admin still can read the list, the other's token has ended.
      const access = await Promise.all(
        [one, two].map(({ token }) => call('GET', '/api/users?role=admin&status=active', { token })),
      );
      const left = access.filter(({ status }) => status === 200);
      expect(left.map(({ body }) => body.items.length)).toEqual([1]);
      if (access[1]?.status === 200) [one, two] = [two, one];
      one.token = (await login(one)).body.accessToken;
    }
    // As it was: one admin, the first.
    if (one.id !== id) {
      await call('PATCH', `/api/users/${id}`, { token: one.token, body: { role: 'admin' } });
      admin.token = (await login(admin)).body.accessToken;
      await asAdmin('PATCH', `/api/users/${one.id}`, { role: 'user' });
    } else admin.token = one.token;
  });
});

describe('a person who has forgotten their password', () => {
  const reset = (token: string, password: string) =>
    call('PATCH', `/api/auth/reset-password/${token}`, { body: { password } });
  const invalid = { status: 400, code: 'invalid_reset_token' };

  test('gets a token by mail that works once, and ends the other one', async () => {
    const user = await person();
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

  testOwn('has neither token nor password in any log', async () => {
    const user = await person();
    await call('POST', '/api/auth/forgot-password', { body: { email: user.email } });
    const [token = ''] = (await waitForMails(user.email, 1)).map(tokenIn);
    expect((await reset(token, 'fourth correct horse')).status).toBe(204);
    for (const file of Object.values(system.own?.logFiles ?? {})) {
      const log = await readFile(file, 'utf8');
      expect(log).toContain('"msg":"listening"');
      for (const secret of [token, 'fourth correct horse', user.password]) expect(log).not.toContain(secret);
    }
  });

  test('is answered alike whether or not there is an account', async () => {
    const user = await person();
    const answers = await Promise.all(
      [user.email, newAccount().email].map((email) =>
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

  const cuts: [string, (user: Awaited<ReturnType<typeof person>>) => Promise<unknown>][] = [
    ['switches their account off', (user) => user.call('DELETE', '/api/users/delete-me')],
    ['is switched off', ({ id }) => asAdmin('PATCH', `/api/users/${id}`, { status: 'deactivated' })],
    ['is given another role', ({ id }) => asAdmin('PATCH', `/api/users/${id}`, { role: 'admin' }).then(undo)],
    ['is destroyed', ({ id }) => asAdmin('DELETE', `/api/users/${id}`)],
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

  test.each(cuts)('end everywhere when the user %s', async (_what, cut) => {
    const user = await person();
    expect(await codes(user.token)).toEqual([undefined, undefined]);
    await cut(user);
    // auth-service and user-service refuse it with the answer, the others within a second.
    expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ code: 'token_revoked' });
    await until(async () => (await user.call('GET', '/api/notes')).status === 401);
    expect(await codes(user.token)).toEqual(revoked);
  });

  test('do not come to life again with the account', async () => {
    const user = await person();
    for (const status of ['deactivated', 'active'])
      expect((await asAdmin('PATCH', `/api/users/${user.id}`, { status })).status).toBe(200);
    expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ code: 'token_revoked' });
    await until(async () => (await user.call('GET', '/api/notes')).status === 401);
    const { accessToken } = (await login(user)).body;
    expect(await codes(accessToken)).toEqual([undefined, undefined]);
  });

  test('are good again after a change of the password only when they are new', async () => {
    const user = await person();
    const { body } = await user.call('PATCH', '/api/auth/update-password', {
      body: { currentPassword: user.password, newPassword: 'new correct horse' },
    });
    expect(await codes(body.accessToken)).toEqual([undefined, undefined]);
  });
});
