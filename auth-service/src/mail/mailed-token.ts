import { createHash, randomBytes } from 'node:crypto';

/** The lifetime of a token that resets a password. */
export const resetTokenMinutes = 15;

/** A new token of 256 random bits in base64url, and the hash to store. */
export function createMailedToken() {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOf(token) };
}

/** The stored form of a token: a reader of the database cannot use it. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
