import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { buildAccount, until } from '@polyglot-notes/service-kit/testing';
import { call, shared } from './client.ts';
import { testOwn } from './systems.ts';

test('a user registers, logs in, reads and changes the profile, writes notes, refreshes the tokens and logs out', async () => {
  const account = buildAccount();
  const registered = await call('POST', '/api/auth/register', { body: account });
  expect(registered.status).toBe(201);
  expect(registered.body).toMatchObject({
    user: { email: account.email, username: account.username },
    tokenType: 'Bearer',
    refreshToken: expect.stringMatching(/^[A-Za-z0-9_-]{65}$/),
  });

  const { email, password } = account;
  const login = await call('POST', '/api/auth/login', { body: { email, password } });
  expect(login.status).toBe(200);
  const token: string = login.body.accessToken;

  const me = await call('GET', '/api/users/me', { token });
  expect(me.status).toBe(200);
  expect(me.body).toEqual(registered.body.user);
  const changed = await call('PATCH', '/api/users/update-me', { token, body: { bio: 'Writes things down' } });
  expect(changed.body).toMatchObject({ id: me.body.id, bio: 'Writes things down' });

  const created = await call('POST', '/api/notes', {
    token,
    body: { title: 'Shopping', content: 'Milk', tags: ['Home'] },
  });
  expect(created.status).toBe(201);
  const place = created.headers.location ?? '';
  const read = await call('GET', place, { token });
  expect(read.body).toEqual(created.body);
  expect(
    (await call('GET', place, { token, headers: { 'If-None-Match': read.headers.etag ?? '' } })).status,
  ).toBe(304);
  const patched = await call('PATCH', place, {
    token,
    body: { content: 'Milk, bread' },
    headers: { 'If-Match': '"1"' },
  });
  expect(patched.body).toMatchObject({ version: 2, content: 'Milk, bread' });
  expect((await call('GET', '/api/notes', { token })).body.items).toEqual([patched.body]);
  expect((await call('DELETE', place, { token })).status).toBe(204);
  expect((await call('GET', place, { token })).status).toBe(404);
  expect((await call('GET', '/api/notes', { token })).body).toEqual({
    items: [],
    page: { limit: 20, nextCursor: null },
  });

  const { refreshToken } = login.body;
  const refreshed = await call('POST', '/api/auth/refresh', { body: { refreshToken } });
  expect(refreshed.status).toBe(200);
  const newToken: string = refreshed.body.accessToken;
  expect((await call('GET', '/api/users/me', { token: newToken })).body).toEqual(changed.body);
  expect((await call('POST', '/api/auth/logout', { token: newToken })).status).toBe(204);
  expect((await call('GET', '/api/users/me', { token: newToken })).body.code).toBe('token_revoked');
});

testOwn(
  'the request id of the client is in the log of every service that handles the request, and no secret is',
  async () => {
    const account = buildAccount();
    const requestId = `e2e-${account.username}`;
    const { body } = await call('POST', '/api/auth/register', {
      body: account,
      headers: { 'X-Request-Id': requestId },
    });
    for (const name of ['gateway', 'auth-service', 'user-service']) {
      const read = () => readFile(shared.logFiles[name] ?? '', 'utf8');
      // A service logs a request when it is complete, which may be a moment after its answer.
      await until(async () => (await read()).includes(`"requestId":"${requestId}"`));
      const log = await read();
      expect(log).not.toContain(account.password);
      expect(log).not.toContain(body.accessToken);
      expect(log).not.toContain(body.refreshToken);
    }
  },
);
