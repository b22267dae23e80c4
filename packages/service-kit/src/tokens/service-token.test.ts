import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { Problem } from '../problems/problem.ts';
import { createServiceTokenSource, createServiceTokenVerifier } from './service-token.ts';

const secret = 'the-secret-of-the-pair-auth-and-user';
const verify = createServiceTokenVerifier('user', { auth: [secret], notes: ['n'.repeat(32)] });
const fromAuth = createServiceTokenSource({ caller: 'auth', callee: 'user', secrets: [secret] });

const now = Math.floor(Date.now() / 1000);
const pair = { iss: 'auth', aud: 'user' };
const signed = (payload: object, typ = 'svc+jwt', key = secret) =>
  jwt.sign(payload, key, { header: { alg: 'HS256', typ }, expiresIn: 60 });

/** A token with a right signature over these members. */
function signedText(head: object, claims: object): string {
  const parts = [
    { alg: 'HS256', typ: 'svc+jwt', ...head },
    { ...pair, iat: now, exp: now + 60, ...claims },
  ];
  const content = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

describe('service tokens', () => {
  test.each([
    [
      'for another service',
      createServiceTokenSource({ caller: 'auth', callee: 'notes', secrets: [secret] })(),
    ],
    [
      'of an unknown caller',
      createServiceTokenSource({ caller: 'mail', callee: 'user', secrets: [secret] })(),
    ],
    [
      'signed with the secret of another pair',
      signed({ iss: 'auth', aud: 'user' }, 'svc+jwt', 'n'.repeat(32)),
    ],
    ['of another type', signed({ iss: 'auth', aud: 'user' }, 'at+jwt')],
    ['older than 60 seconds', signed({ iss: 'auth', aud: 'user', iat: Math.floor(Date.now() / 1000) - 90 })],
    ['issued an hour from now', signedText({}, { iat: now + 3_600, exp: now + 3_660 })],
    ['issued two minutes from now that expires in three', signedText({}, { iat: now + 120, exp: now + 180 })],
    ['valid for longer than 60 seconds', signedText({}, { exp: now + 61 })],
    ['issued now that expires at 1e308', signedText({}, { exp: 1e308 })],
    ['without an expiry', signedText({}, { exp: undefined })],
    ['without an issue date', signedText({}, { iat: undefined })],
    ['with an issue date in a string', signedText({}, { iat: String(now) })],
    ['with a negative start of validity', signedText({}, { nbf: -1 })],
    ['with an unknown critical extension', signedText({ crit: ['x'], x: 1 }, {})],
    ['with an unencoded payload', signedText({ b64: false }, {})],
    ['with an issuer in an array', signedText({}, { iss: ['auth'] })],
    ['that is not a token', 'nonsense'],
    [
      'with a payload that is not JSON',
      `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.bm9uc2Vuc2U.c2ln`,
    ],
  ])('refuses a token %s', (_what, token) => {
    expect(() => verify(token, ['auth'])).toThrow(
      expect.objectContaining({ type: expect.objectContaining({ status: 401 }) }),
    );
  });

  test('refuses a known caller that is not allowed', () => {
    expect(() => verify(fromAuth(), ['notes'])).toThrow(
      expect.objectContaining({ type: expect.objectContaining({ status: 403 }) }),
    );
  });

  test('accepts a token of a caller whose clock is some seconds ahead', () => {
    expect(() => verify(signedText({}, { iat: now + 20, exp: now + 80 }), ['auth'])).not.toThrow();
  });

  test('are signed with the first secret of a pair, and accepted with each', () => {
    const [one, two] = ['1'.repeat(32), '2'.repeat(32)];
    const sign = (...secrets: [string, ...string[]]) =>
      createServiceTokenSource({ caller: 'auth', callee: 'user', secrets })();
    const verifier = (...secrets: [string, ...string[]]) =>
      createServiceTokenVerifier('user', { auth: secrets });
    expect(() => verifier(one)(sign(one, two), ['auth'])).not.toThrow();
    expect(() => verifier(one, two)(sign(two, one), ['auth'])).not.toThrow();
    expect(() => verifier(one)(sign(two, one), ['auth'])).toThrow(Problem);
    expect(() => verifier(one, two)(sign(secret), ['auth'])).toThrow(Problem);
  });

  test('accepts the token of an allowed caller', () => {
    expect(() => verify(fromAuth(), ['auth'])).not.toThrow();
  });
});
