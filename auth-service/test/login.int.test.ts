import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createPasswordHasher } from '../src/passwords/password-hasher.ts';
import { decodeJwt } from './jwt.ts';
import { buildAccount } from '@polyglot-notes/service-kit/testing';
import { startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

describe('logging in', () => {
  test('gives the same answer for an unknown email and a wrong password', async () => {
    const account = buildAccount();
    await service.register(account);
    const wrong = await service.login({ email: account.email, password: 'wrong horse' });
    const unknown = await service.login({ email: buildAccount().email, password: account.password });
    const { requestId: _wrongId, ...wrongBody } = wrong.body;
    const { requestId: _unknownId, ...unknownBody } = unknown.body;
    expect(wrongBody).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(unknownBody).toEqual(wrongBody);
    expect(wrong.headers['www-authenticate']).toBe('Bearer');
  });

  test.each([
    ['an operator for a password', { email: 'a@example.com', password: { $ne: null } }],
    ['no password', { email: 'a@example.com' }],
    ['an invalid email', { email: 'nobody', password: 'correct horse' }],
    ['an unknown field', { email: 'a@example.com', password: 'correct horse', remember: true }],
  ])('refuses %s', async (_what, body) => {
    expect((await service.login(body)).body).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  test('returns a token with the claims that services use', async () => {
    const account = buildAccount();
    const { body: registered } = await service.register(account);
    const response = await service.login({ email: account.email.toUpperCase(), password: account.password });
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      user: { id: registered.user.id, email: account.email, emailVerified: false, role: 'user' },
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^[A-Za-z0-9_-]{65}$/),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    const { header, claims } = decodeJwt(response.body.accessToken);
    expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    expect(Object.keys(claims).toSorted()).toEqual([
      'aud',
      'exp',
      'iat',
      'iss',
      'jti',
      'role',
      'sid',
      'sub',
      'ver',
    ]);
    expect(claims).toMatchObject({ sub: registered.user.id, role: 'user', exp: Number(claims['iat']) + 900 });
  });

  test('does not block other requests', async () => {
    const hasher = await createPasswordHasher(10);
    let done = 0;
    const hashes = Array.from({ length: 20 }, async () => {
      await hasher.hash('correct horse');
      done++;
    });
    await request(service.server).get('/.well-known/jwks.json');
    expect(done).toBeLessThan(10);
    await Promise.all(hashes);
    await hasher.close();
  });
});
