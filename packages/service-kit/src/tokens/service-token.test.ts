import { describe, expect, test } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { createServiceTokenSource, createServiceTokenVerifier } from './service-token.ts';

const secret = 'the-secret-of-the-pair-auth-and-user';
const verify = createServiceTokenVerifier('user', { auth: secret, notes: 'n'.repeat(32) });
const fromAuth = createServiceTokenSource({ caller: 'auth', callee: 'user', secret });

const signed = (payload: object, typ = 'svc+jwt', key = secret) =>
  jwt.sign(payload, key, { header: { alg: 'HS256', typ }, expiresIn: 60 });

describe('service tokens', () => {
  test.each([
    ['for another service', createServiceTokenSource({ caller: 'auth', callee: 'notes', secret })()],
    ['of an unknown caller', createServiceTokenSource({ caller: 'mail', callee: 'user', secret })()],
    [
      'signed with the secret of another pair',
      signed({ iss: 'auth', aud: 'user' }, 'svc+jwt', 'n'.repeat(32)),
    ],
    ['of another type', signed({ iss: 'auth', aud: 'user' }, 'at+jwt')],
    ['older than 60 seconds', signed({ iss: 'auth', aud: 'user', iat: Math.floor(Date.now() / 1000) - 90 })],
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

  test('accepts the token of an allowed caller', () => {
    expect(() => verify(fromAuth(), ['auth'])).not.toThrow();
  });
});
