import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** The lifetime of a token that resets a password. */
export const resetTokenMinutes = 15;

/** A token of 256 random bits in base64url. */
export const randomToken = (): string => randomBytes(32).toString('base64url');

/** The stored form of a token: a reader of the database cannot use it. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/**
 * Derives the token of a mail from the id of the mail, so that a mail that is sent again has the same token: HMAC-SHA256
 * (RFC 2104) with a key that HKDF (RFC 5869) derives from `secret`. 43 characters of base64url.
 */
export function createTokenOf(secret: Buffer): (mailId: string) => string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'polyglot-notes mailed tokens', 32));
  return (mailId) => createHmac('sha256', key).update(mailId).digest('base64url');
}
