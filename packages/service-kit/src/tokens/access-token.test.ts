import { createHmac, randomUUID, sign, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { audience, issuer, makeSigningKey, signAccessToken } from '../../testing/index.ts';
import { createAccessTokenVerifier } from './access-token.ts';
import { createServiceTokenSource } from './service-token.ts';

const key = makeSigningKey();
const userId = randomUUID();
const sessionId = randomUUID();
const keys = {
  loaded: () => true,
  find: async (kid: string) => (kid === key.kid ? key.publicKey : undefined),
};
const verify = createAccessTokenVerifier({ issuer, audience, keys });

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const day = 86_400;
const header = { alg: 'RS256', typ: 'at+jwt', kid: key.kid };
const claims = {
  sub: userId,
  sid: sessionId,
  role: 'admin',
  ver: 1,
  iss: issuer,
  aud: audience,
  iat: now,
  exp: now + 900,
};
const unsigned = (alg: string) => `${encode({ ...header, alg })}.${encode(claims)}`;
const withHmac = (content: string, secret: string) =>
  `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
const signedText = (head: string, payload: string) => {
  const content = `${Buffer.from(head).toString('base64url')}.${Buffer.from(payload).toString('base64url')}`;
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), key.privateKey).toString('base64url')}`;
};
/** A token with a right signature over these members; undefined leaves one out. */
const signed = (changes: { header?: object; claims?: object }) =>
  signedText(
    JSON.stringify({ ...header, ...changes.header }),
    JSON.stringify({ ...claims, ...changes.claims }),
  );
const publicPem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const [head, , signature] = signAccessToken(key, userId).split('.');

const forgeries: Record<string, string> = {
  'no token at all': '',
  'not a token': 'a.b.c',
  'no algorithm': `${unsigned('none')}.`,
  'no algorithm, in other letters': `${unsigned('nOnE')}.`,
  'HS256 with the public key as its secret': withHmac(unsigned('HS256'), publicPem),
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
  'a service token': createServiceTokenSource({ caller: 'a', callee: audience, secrets: ['x'.repeat(32)] })(),
};

const unacceptable: Record<string, string> = {
  'a critical extension': signed({ header: { crit: ['exp'] } }),
  'an unknown critical extension': signed({ header: { crit: ['x'], x: 1 } }),
  'an empty list of critical extensions': signed({ header: { crit: [] } }),
  'critical extensions that are no list': signed({ header: { crit: null } }),
  'an unencoded payload': signed({ header: { b64: false } }),
  'an unencoded payload as a critical extension': signed({ header: { b64: false, crit: ['b64'] } }),
  'a type in an array': signed({ header: { typ: ['at+jwt'] } }),
  'no type': signed({ header: { typ: undefined } }),
  'no key id': signed({ header: { kid: undefined } }),
  'an empty key id': signed({ header: { kid: '' } }),
  'a key id in an array': signed({ header: { kid: [key.kid] } }),
  'a key id of 10,000 characters': signed({ header: { kid: 'k'.repeat(10_000) } }),
  'an issue date of tomorrow': signed({ claims: { iat: now + day, exp: now + day + 900 } }),
  'an issue date beyond the clock tolerance': signed({ claims: { iat: now + 120, exp: now + 900 } }),
  'no issue date': signed({ claims: { iat: undefined } }),
  'an issue date in a string': signed({ claims: { iat: String(now) } }),
  'a negative issue date': signed({ claims: { iat: -1 } }),
  'an infinite expiry': signedText(
    JSON.stringify(header),
    JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999'),
  ),
  'an expiry at 1e308': signed({ claims: { exp: 1e308 } }),
  'an expiry in a string': signed({ claims: { exp: String(now + 900) } }),
  'an expiry of null': signed({ claims: { exp: null } }),
  'a lifetime of more than a day': signed({ claims: { exp: now + day + 1 } }),
  'a start of validity tomorrow': signed({ claims: { nbf: now + day } }),
  'a start of validity in a string': signed({ claims: { nbf: String(now) } }),
  'a negative start of validity': signed({ claims: { nbf: -1 } }),
  'a start of validity of null': signed({ claims: { nbf: null } }),
  'a subject that is no string': signed({ claims: { sub: 7 } }),
  'a subject in an array': signed({ claims: { sub: [userId] } }),
  'no session': signed({ claims: { sid: undefined } }),
  'a session of null': signed({ claims: { sid: null } }),
  'a session that is no id': signed({ claims: { sid: 'session-1' } }),
  'a session in an array': signed({ claims: { sid: [sessionId] } }),
  'a role in an array': signed({ claims: { role: ['admin'] } }),
  'a version in a string': signed({ claims: { ver: '1' } }),
  'a version with a fraction': signed({ claims: { ver: 1.5 } }),
  'a negative version': signed({ claims: { ver: -1 } }),
  'an empty list of audiences': signed({ claims: { aud: [] } }),
  'an audience that is an object': signed({ claims: { aud: { 0: audience } } }),
  'an issuer in an array': signed({ claims: { iss: [issuer] } }),
  'claims of null': signedText(JSON.stringify(header), 'null'),
  'claims in an array': signedText(JSON.stringify(header), '[]'),
  'a header of null': signedText('null', JSON.stringify(claims)),
};

const acceptable: Record<string, string> = {
  'times with fractions': signed({ claims: { iat: now - 0.5, exp: now + 60.5, nbf: now - 0.5 } }),
  'an issue date within the clock tolerance': signed({ claims: { iat: now + 20 } }),
  'a list of audiences with ours': signed({ claims: { aud: ['another', audience] } }),
  'unknown claims and header members': signed({ header: { x: 1 }, claims: { x: 1 } }),
  'a foreign key in its header, which is ignored': signed({
    header: { jwk: makeSigningKey().jwk, jku: 'http://127.0.0.1:9/keys', x5u: 'http://127.0.0.1:9/cert' },
  }),
};

describe('access tokens', () => {
  test.each(Object.entries(unacceptable))('refuses a signed token with %s', async (_what, token) => {
    await expect(verify(token)).rejects.toMatchObject({ type: { status: 401, code: 'unauthenticated' } });
  });

  test.each(Object.entries(acceptable))('accepts a token with %s', async (_what, token) => {
    expect(await verify(token)).toMatchObject({ id: userId });
  });

  test.each(Object.entries(forgeries))('refuses %s', async (_what, token) => {
    await expect(verify(token)).rejects.toMatchObject({ type: { status: 401, code: 'unauthenticated' } });
  });

  test('distinguishes an expired token from a forged one', async () => {
    const token = signAccessToken(key, userId, { options: { expiresIn: -1 } });
    await expect(verify(token)).rejects.toMatchObject({ type: { code: 'token_expired' } });
  });

  test('refuses a token that never expires', async () => {
    const { exp: _, ...eternalClaims } = claims;
    const eternal = signedText(JSON.stringify(header), JSON.stringify(eternalClaims));
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

  test('refuses a token of a session that has ended, and accepts one of another session', async () => {
    const revocations = {
      isRevoked: (user: { sessionId: string }) => user.sessionId === sessionId,
      isUsable: () => true,
    };
    const check = createAccessTokenVerifier({ issuer, audience, keys, revocations });
    await expect(check(signed({}))).rejects.toMatchObject({ type: { status: 401, code: 'token_revoked' } });
    expect(await check(signAccessToken(key, userId))).toMatchObject({ id: userId });
  });

  test('returns the user, the session and the expiry of a valid token', async () => {
    const token = signAccessToken(key, userId, { claims: { sid: sessionId }, options: { expiresIn: 60 } });
    const user = await verify(token);
    expect(user).toMatchObject({ id: userId, role: 'user', accessVersion: 1, sessionId });
    expect(Math.abs(user.expiresAt - Date.now() - 60_000)).toBeLessThan(2_000);
  });
});

describe('a remembered access token', () => {
  /** A verifier whose key set, revocations and clock a test can change. */
  function changeableVerifier({ maxRemembered = 100 } = {}) {
    const state = { key: key.publicKey as KeyObject | undefined, loaded: true, now: Date.now() };
    const revoked = { minVer: 0, sessionId: '' };
    const check = createAccessTokenVerifier({
      issuer,
      audience,
      keys: { loaded: () => state.loaded, find: async () => state.key },
      revocations: {
        isRevoked: (user) => user.accessVersion < revoked.minVer || user.sessionId === revoked.sessionId,
        isUsable: () => true,
      },
      clock: () => new Date(state.now),
      maxRemembered,
    });
    return { check, state, revoked };
  }

  test('is verified once, and its user cannot be changed', async () => {
    const { check } = changeableVerifier();
    const token = signed({});
    const user = await check(token);
    expect(await check(token)).toBe(user);
    expect(Object.isFrozen(user)).toBe(true);
  });

  test.each([
    ['its user is revoked', { minVer: 2 }],
    ['its session has ended', { sessionId }],
  ])('is refused when %s', async (_what, revocation) => {
    const { check, revoked } = changeableVerifier();
    const token = signed({});
    await check(token);
    Object.assign(revoked, revocation);
    await expect(check(token)).rejects.toMatchObject({ type: { code: 'token_revoked' } });
  });

  test('is refused from the second of its expiry', async () => {
    const { check, state } = changeableVerifier();
    const token = signed({});
    await check(token);
    state.now = claims.exp * 1000 - 1;
    expect(await check(token)).toMatchObject({ id: userId });
    state.now = claims.exp * 1000;
    await expect(check(token)).rejects.toMatchObject({ type: { code: 'token_expired' } });
  });

  test('is refused when the clock goes back to before its issue', async () => {
    const { check, state } = changeableVerifier();
    const token = signed({});
    await check(token);
    state.now = (claims.iat - 3_600) * 1000;
    await expect(check(token)).rejects.toMatchObject({ type: { code: 'unauthenticated' } });
  });

  test.each([
    ['has left the key set', undefined],
    ['has been replaced under the same id', makeSigningKey().publicKey],
  ])('is refused as soon as its key %s', async (_what, replacement) => {
    const { check, state } = changeableVerifier();
    const token = signed({});
    await check(token);
    state.key = replacement;
    await expect(check(token)).rejects.toMatchObject({ type: { code: 'unauthenticated' } });
  });

  test('is answered with 503 while the keys are not loaded', async () => {
    const { check, state } = changeableVerifier();
    const token = signed({});
    await check(token);
    state.loaded = false;
    await expect(check(token)).rejects.toMatchObject({ type: { status: 503 } });
  });

  test('is not confused with another token of the same length and beginning', async () => {
    const { check } = changeableVerifier();
    const token = signed({});
    await check(token);
    const other = token.slice(0, -10) + (token.endsWith('AAAAAAAAAA') ? 'BBBBBBBBBB' : 'AAAAAAAAAA');
    await expect(check(other)).rejects.toMatchObject({ type: { code: 'unauthenticated' } });
    await expect(check(other)).rejects.toMatchObject({ type: { code: 'unauthenticated' } });
    expect(await check(signed({ claims: { sub: sessionId } }))).toMatchObject({ id: sessionId });
  });

  test('is forgotten when too many others have been verified since', async () => {
    const { check } = changeableVerifier({ maxRemembered: 2 });
    const [first, second, third] = [1, 2, 3].map((ver) => signed({ claims: { ver } })) as [
      string,
      string,
      string,
    ];
    const user = await check(first);
    await check(second);
    expect(await check(first)).toBe(user);
    const latest = await check(third);
    expect(await check(first)).not.toBe(user);
    expect(await check(third)).toBe(latest);
  });
});
