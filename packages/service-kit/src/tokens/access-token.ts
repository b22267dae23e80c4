import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { decodeToken, maxAccessTokenSeconds, verifyToken } from './jwt.ts';
import { Problem, problems } from '../problems/problem.ts';

/** The user of a verified access token. */
export interface AccessTokenUser {
  id: string;
  role: string;
  /** The access version of the account when the token was issued, the claim `ver`. Each revocation raises it. */
  accessVersion: number;
  /** The session that the token belongs to, the claim `sid`. */
  sessionId: string;
  /** When the token expires, in milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Verifies an access token and returns its user. Throws `unauthenticated`, `token_expired` or `token_revoked`, and
 * `service_unavailable` until the keys and the revocation list are loaded.
 */
export type VerifyAccessToken = (token: string) => Promise<AccessTokenUser>;

interface VerifierOptions {
  issuer: string;
  audience: string;
  keys: { find(kid: string): Promise<KeyObject | undefined>; loaded(): boolean };
  /** The revoked tokens. Left out where a token protects nothing. */
  revocations?: { isRevoked(user: AccessTokenUser): boolean; isUsable(): boolean };
  clock?: () => Date;
}

const Claims = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  role: z.string(),
  ver: z.int().min(0),
  exp: z.number(),
});

/**
 * Creates a verifier of JWT access tokens (RFC 9068) with the type `at+jwt`, the algorithm RS256 (three times faster to
 * verify than ES256), and the given issuer and audience.
 */
export function createAccessTokenVerifier(options: VerifierOptions): VerifyAccessToken {
  const { issuer, audience, keys, revocations, clock = () => new Date() } = options;
  return async (token) => {
    if (!keys.loaded() || revocations?.isUsable() === false) throw new Problem(problems.serviceUnavailable);
    const user = await read(token);
    if (revocations?.isRevoked(user) === true) throw new Problem(problems.tokenRevoked);
    return user;
  };

  async function read(token: string): Promise<AccessTokenUser> {
    const header = decodeToken(token)?.header;
    if (header?.alg !== 'RS256' || header.typ !== 'at+jwt' || header.kid === undefined)
      throw unauthenticated();
    const key = await keys.find(header.kid);
    if (key === undefined) throw unauthenticated();
    try {
      const claims = Claims.parse(
        verifyToken(token, key, {
          algorithm: 'RS256',
          issuer,
          audience,
          maxSeconds: maxAccessTokenSeconds,
          now: clock(),
        }),
      );
      const { sub: id, sid: sessionId, role, ver: accessVersion, exp } = claims;
      return { id, role, accessVersion, sessionId, expiresAt: exp * 1000 };
    } catch (error) {
      if (error instanceof jwt.TokenExpiredError) throw new Problem(problems.tokenExpired);
      throw unauthenticated(error);
    }
  }
}

const unauthenticated = (cause?: unknown) => new Problem(problems.unauthenticated, { cause });
