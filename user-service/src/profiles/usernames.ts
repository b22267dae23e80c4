import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Problem, problemType } from '@polyglot-notes/service-kit';
import { z } from 'zod';

export const usernameTaken = problemType(409, 'username_taken', 'The username is taken');

export const Username = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_.-]{3,30}$/, {
    error: 'must be 3 to 30 of A-Z, a-z, 0-9, "_", "." and "-"',
    abort: true,
  })
  .regex(/[A-Za-z0-9]/, 'must have a letter or a digit');

/** Adds the lower-case form of the username, which is compared. */
export const withLower = <Fields extends { username?: string | undefined }>(fields: Fields) =>
  fields.username === undefined ? fields : { ...fields, usernameLower: fields.username.toLowerCase() };

/** Turns a duplicate key into `username_taken`. */
export const asUsernameTaken = (error: unknown): unknown =>
  isDuplicateKey(error) ? new Problem(usernameTaken, { cause: error }) : error;
