import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';

/** The tolerated difference of two clocks, in seconds. NTP keeps it below one; a host without NTP drifts so far in days. */
export const clockToleranceSeconds = 30;

/** The longest lifetime of an access token, in seconds. */
export const maxAccessTokenSeconds = 86_400;

/** How long a revocation is kept, in seconds: longer than any access token lives, with the tolerance of clocks. */
export const revocationRetentionSeconds = maxAccessTokenSeconds + 3_600;

// No critical extension is understood (RFC 7515, section 4.1.11), and JWTs are always encoded (RFC 7797, section 7).
// Unknown members and embedded or linked keys are ignored: keys come from configuration alone.
const Header = z.object({
  alg: z.string(),
  typ: z.string(),
  kid: z.string().min(1).max(200).optional(),
  crit: z.never().optional(),
  b64: z.literal(true).optional(),
});
type Header = z.output<typeof Header>;

const NumericDate = z.number().min(0);
const Times = z.looseObject({ iat: NumericDate, exp: NumericDate, nbf: NumericDate.optional() });

/** Decodes a JWT without verifying it. Undefined when the text is not a JWT or its header is not supported. */
export function decodeToken(token: string): { header: Header; payload: unknown } | undefined {
  try {
    const decoded = jwt.decode(token, { complete: true });
    const header = Header.safeParse(decoded?.header);
    return header.success ? { header: header.data, payload: decoded?.payload } : undefined;
  } catch {
    return undefined;
  }
}

interface Expected {
  algorithm: jwt.Algorithm;
  issuer: string;
  audience: string;
  /** The longest time from `iat` to `exp`. With the check of `iat`, it also bounds `exp` by the verifier's clock. */
  maxSeconds: number;
  now: Date;
}

/** Verifies a JWT (RFC 7519) whose header `decodeToken` accepts, and returns its claims. Throws errors of jsonwebtoken or Zod. */
export function verifyToken(token: string, key: KeyObject, expected: Expected) {
  const { algorithm, issuer, audience, maxSeconds, now } = expected;
  const clockTimestamp = Math.floor(now.getTime() / 1000);
  const claims = Times.parse(
    jwt.verify(token, key, { algorithms: [algorithm], issuer, audience, clockTimestamp }),
  );
  if (claims.iat > clockTimestamp + clockToleranceSeconds)
    throw new jwt.JsonWebTokenError('the token was issued in the future');
  if (claims.exp - claims.iat > maxSeconds)
    throw new jwt.JsonWebTokenError('the token is valid for too long');
  return claims;
}
