import { randomBytes } from 'node:crypto';

/** A text that no other test uses, in this run or another. */
export const unique = (): string => randomBytes(6).toString('hex');

/** A secret that services accept. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** A body for registration; unique unless `overrides` say otherwise. */
export function buildAccount(overrides: Partial<Account> = {}): Account {
  const username = `u-${unique()}`;
  return { email: `${username}@example.com`, password: `correct horse ${unique()}`, username, ...overrides };
}

export interface Account {
  email: string;
  password: string;
  username: string;
}

/** A body for a new note. */
export const buildNote = (overrides: object = {}) => ({ title: `note ${unique()}`, ...overrides });
