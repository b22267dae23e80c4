import { createHash, randomBytes } from 'node:crypto';

/** A fresh token of 256 random bits in base64url, and the hash under which it is kept. */
export function makeMailedToken() {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOf(token) };
}

/** What is kept of a token: whoever reads the database can do nothing with it. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
