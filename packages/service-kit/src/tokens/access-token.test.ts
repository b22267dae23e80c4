import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { audience, issuer, makeSigningKey, signAccessToken } from '../../testing/index.ts';
import { createAccessTokenVerifier } from './access-token.ts';
import { createServiceTokenSource } from './service-token.ts';

const key = makeSigningKey();
const userId = randomUUID();
const keys = {
  loaded: () => true,
  find: async (kid: string) => (kid === key.kid ? key.publicKey : undefined),
};
const verify = createAccessTokenVerifier({ issuer, audience, keys });

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const claims = {
  sub: userId,
  role: 'admin',
  ver: 1,
  iss: issuer,
  aud: audience,
  exp: Math.floor(Date.now() / 1000) + 900,
};
const unsigned = (header: object) =>
  `${encode({ typ: 'at+jwt', kid: key.kid, ...header })}.${encode(claims)}`;
const withHmac = (content: string, secret: string) =>
  `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
const publicPem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const [head, , signature] = signAccessToken(key, userId).split('.');

const forgeries: Record<string, string> = {
  'no token at all': '',
  'not a token': 'a.b.c',
  'no algorithm': `${unsigned({ alg: 'none' })}.`,
  'no algorithm, in other letters': `${unsigned({ alg: 'nOnE' })}.`,
  'HS256 with the public key as its secret': withHmac(unsigned({ alg: 'HS256' }), publicPem),
  'another key under our id': signAccessToken({ ...makeSigningKey(), kid: key.kid }, userId),
  'an unknown key': signAccessToken(makeSigningKey(), userId),
  'changed claims': `${head}.${encode(claims)}.${signature}`,
  'another audience': signAccessToken(key, userId, { options: { audience: 'another' } }),
  'another issuer': signAccessToken(key, userId, { options: { issuer: 'another' } }),
  'another type': signAccessToken(key, userId, { header: { typ: 'JWT' } }),
  'PS256 with our key': signAccessToken(key, userId, {
    header: { alg: 'PS256' },
    options: { algorithm: 'PS256' },
  }),
  'no version': signAccessToken(key, userId, { claims: { ver: undefined } }),
  'a subject that is no user id': signAccessToken(key, 'somebody'),
  'not valid before tomorrow': signAccessToken(key, userId, { options: { notBefore: 86_400 } }),
  'a payload that is not JSON': `${encode({ alg: 'RS256', typ: 'JWT', kid: key.kid })}.bm9uc2Vuc2U.c2ln`,
  'a service token': createServiceTokenSource({ caller: 'a', callee: audience, secret: 'x'.repeat(32) })(),
};

describe('access tokens', () => {
  test.each(Object.entries(forgeries))('refuses %s', async (_what, token) => {
    await expect(verify(token)).rejects.toMatchObject({ type: { status: 401, code: 'unauthenticated' } });
  });

  test('distinguishes an expired token from a forged one', async () => {
    const token = signAccessToken(key, userId, { options: { expiresIn: -1 } });
    await expect(verify(token)).rejects.toMatchObject({ type: { code: 'token_expired' } });
  });

  test('refuses a token that never expires', async () => {
    const { exp: _, ...eternalClaims } = claims;
    const header = { alg: 'RS256', typ: 'at+jwt', kid: key.kid };
    const eternal = jwt.sign(eternalClaims, key.privateKey, { algorithm: 'RS256', header });
    await expect(verify(eternal)).rejects.toMatchObject({ type: { code: 'unauthenticated' } });
  });

  test('answers 503 until a key is loaded', async () => {
    const early = createAccessTokenVerifier({ issuer, audience, keys: { ...keys, loaded: () => false } });
    await expect(early(signAccessToken(key, userId))).rejects.toMatchObject({ type: { status: 503 } });
  });

  test('refuses a token from before a revocation and accepts a later one', async () => {
    const revocations = {
      isRevoked: ({ id, accessVersion }: { id: string; accessVersion: number }) =>
        id === userId && accessVersion < 3,
      isUsable: () => true,
    };
    const check = createAccessTokenVerifier({ issuer, audience, keys, revocations });
    const tokenOf = (ver: number) => signAccessToken(key, userId, { claims: { ver } });
    await expect(check(tokenOf(2))).rejects.toMatchObject({ type: { status: 401, code: 'token_revoked' } });
    expect(await check(tokenOf(3))).toMatchObject({ id: userId, accessVersion: 3 });
    const blind = { ...revocations, isUsable: () => false };
    const early = createAccessTokenVerifier({ issuer, audience, keys, revocations: blind });
    await expect(early(tokenOf(3))).rejects.toMatchObject({ type: { status: 503 } });
  });

  test('returns the user and the expiry of a valid token', async () => {
    const token = signAccessToken(key, userId, { options: { expiresIn: 60 } });
    const user = await verify(token);
    expect(user).toMatchObject({ id: userId, role: 'user', accessVersion: 1 });
    expect(Math.abs(user.expiresAt - Date.now() - 60_000)).toBeLessThan(2_000);
  });
});
