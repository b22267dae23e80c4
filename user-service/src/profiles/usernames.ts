import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Problem, problemType } from '@polyglot-notes/service-kit';

export const usernameTaken = problemType(409, 'username_taken', 'The username is taken');

/** Adds the lower-case form of the username, which is compared. */
export const withLower = <Fields extends { username?: string | undefined }>(fields: Fields) =>
  fields.username === undefined ? fields : { ...fields, usernameLower: fields.username.toLowerCase() };

/** Turns a duplicate key into `username_taken`. */
export const asUsernameTaken = (error: unknown): unknown =>
  isDuplicateKey(error) ? new Problem(usernameTaken, { cause: error }) : error;
