import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Problem, problemType } from '@polyglot-notes/service-kit';
import { gramsOf } from './search-grams.ts';

export const usernameTaken = problemType(409, 'username_taken', 'The username is taken');

/** Adds what follows from the username and the email: the lower-case form of the username, and the grams of both. */
export function withDerived<Fields extends { username?: string | undefined; email?: string | undefined }>(
  fields: Fields,
) {
  const { username, email } = fields;
  const usernameLower = username?.toLowerCase();
  return {
    ...fields,
    ...(usernameLower !== undefined && { usernameLower, usernameGrams: gramsOf(usernameLower) }),
    ...(email !== undefined && { emailGrams: gramsOf(email) }),
  };
}

/** Turns a duplicate key into `username_taken`. */
export const asUsernameTaken = (error: unknown): unknown =>
  isDuplicateKey(error) ? new Problem(usernameTaken, { cause: error }) : error;
