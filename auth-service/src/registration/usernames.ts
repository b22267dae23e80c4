import { randomInt } from 'node:crypto';
import { z } from 'zod';

export const Username = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_.-]{3,30}$/, {
    error: 'must be 3 to 30 of A-Z, a-z, 0-9, "_", "." and "-"',
    abort: true,
  })
  .regex(/[A-Za-z0-9]/, 'must have a letter or a digit');

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const maxTries = 6;

const suffix = (length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/**
 * The usernames to try for an account, in order: only the chosen one, or the local part of the email, first alone and
 * then with random suffixes. All could be chosen.
 */
export function* usernameCandidates(email: string, chosen: string | undefined): Generator<string> {
  if (chosen !== undefined) {
    yield chosen;
    return;
  }
  const base = email.slice(0, email.indexOf('@')).replaceAll(/[^a-z0-9_.-]/g, '');
  if (Username.safeParse(base).success) yield base;
  for (let tries = 1; tries < maxTries; tries++) yield `${base.slice(0, 23) || 'user'}-${suffix(6)}`;
}
