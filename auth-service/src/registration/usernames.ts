import { randomInt } from 'node:crypto';
import { Username } from '@polyglot-notes/service-kit';
import { usernameFrom } from '../credentials/username-from.ts';

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
  const base = usernameFrom(email);
  if (Username.safeParse(base).success) yield base;
  for (let tries = 1; tries < maxTries; tries++) yield `${base.slice(0, 23) || 'user'}-${suffix(6)}`;
}
