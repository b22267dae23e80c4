import { createHmac, randomUUID, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { createClient, newUser } from '@polyglot-notes/service-kit/testing';
import { api, call, urls } from './client.ts';
import { claimsOf, refresh } from './devices.ts';
import { isRemote, testOwn } from './systems.ts';

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

let token: string;
let header: object;
let claims: Record<string, unknown>;
let signature: string;
let publicPem: string;
const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;

beforeAll(async () => {
  ({ token } = await newUser(api));
  const [head = '', payload = '', sign = ''] = token.split('.');
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  [header, claims, signature] = [read(head), read(payload), sign];
  const [key] = (await call('GET', '/.well-known/jwks.json')).body.keys;
  publicPem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
});

const hmac = (content: string, key: string) =>
  `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
const signed = (payload: object, key: KeyObject) =>
  jwt.sign(payload, key, { algorithm: 'RS256', header: { alg: 'RS256', ...header } });

const forgeries: Record<string, () => string> = {
  'alg none': () => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`,
  'HS256 over the public key': () =>
    hmac(`${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`, publicPem),
  'another key': () => signed(claims, stranger),
  'changed claims': () => `${encode(header)}.${encode({ ...claims, role: 'admin' })}.${signature}`,
  'another session': () => `${encode(header)}.${encode({ ...claims, sid: randomUUID() })}.${signature}`,
  'another audience, by another key': () => signed({ ...claims, aud: 'elsewhere' }, stranger),
  'a service token': () =>
    hmac(
      `${encode({ alg: 'HS256', typ: 'svc+jwt' })}.${encode({ iss: 'auth-service', aud: 'user-service', exp: 4e9 })}`,
      'x'.repeat(32),
    ),
  'a truncated token': () => token.slice(0, -2),
};

describe('a token with a fault', () => {
  test.each(Object.keys(forgeries))(
    '%s is refused by every service, through the gateway and past it',
    async (what) => {
      const forged = forgeries[what]?.() ?? '';
      const through = [
        ['GET', '/api/users/me', api, 200],
        ['GET', '/api/notes', api, 200],
        ['PATCH', '/api/auth/update-password', api, 400],
      ] as const;
      const past = [
        ['GET', '/api/users/me', createClient(urls['user-service']), 200],
        ['GET', '/api/notes', createClient(urls['notes-service']), 200],
        ['PATCH', '/api/auth/update-password', createClient(urls['auth-service']), 400],
      ] as const;
      const doors = isRemote ? through : [...through, ...past];
      for (const [method, path, client, good] of doors) {
        const answer = await client.call(method, path, { token: forged });
        expect([path, answer.body.status, answer.body.code]).toEqual([path, 401, 'unauthenticated']);
        expect([path, (await client.call(method, path, { token })).status]).toEqual([path, good]);
      }
    },
  );

  testOwn('of a user opens no internal route', async () => {
    const path = `/internal/profiles/${String(claims['sub'])}`;
    for (const method of ['PUT', 'DELETE']) {
      const answer = await createClient(urls['user-service']).call(method, path, { token, body: {} });
      expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
    expect((await call('GET', '/api/users/me', { token })).status).toBe(200);
  });
});

test('names its session, which a refresh keeps, and gives each access token an id of its own', async () => {
  const { refreshToken } = await newUser(api);
  const first = claimsOf((await refresh(api, refreshToken)).body.accessToken);
  const second = claimsOf((await refresh(api, refreshToken)).body.accessToken);
  const text = expect.any(String);
  const time = expect.any(Number);
  const sid = expect.stringMatching(/^[0-9a-f-]{36}$/);
  const subject = { sub: text, sid, role: 'user', ver: 1 };
  expect(first).toEqual({ ...subject, iss: text, aud: text, jti: text, iat: time, exp: time });
  expect(second).toMatchObject({ sub: first['sub'], sid: first['sid'] });
  expect(second['jti']).not.toBe(first['jti']);
});
