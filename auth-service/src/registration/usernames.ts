import { randomInt } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const maxTries = 6;

const suffix = (length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/**
 * The usernames to try for an account, in order: only the chosen one, or the local part of the email, first alone and
 * then with random suffixes. All are 3 to 30 of `A-Za-z0-9_.-`.
 */
export function* usernameCandidates(email: string, chosen: string | undefined): Generator<string> {
  if (chosen !== undefined) {
    yield chosen;
    return;
  }
  const base = email.slice(0, email.indexOf('@')).replaceAll(/[^a-z0-9_.-]/g, '');
  if (base.length >= 3 && base.length <= 30) yield base;
  for (let tries = 1; tries < maxTries; tries++) yield `${base.slice(0, 23) || 'user'}-${suffix(6)}`;
}
