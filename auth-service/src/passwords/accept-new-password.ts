import { setTimeout as delay } from 'node:timers/promises';
import { parsePart, Problem, problems } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { Credential } from '../credentials/credential.model.ts';
import { isPersonal, NewPassword, personalPassword } from '../credentials/password-rules.ts';

const usernameMs = 1_000;

interface Dependencies {
  userService: { findUsername(id: string): Promise<string | undefined> };
}

/** Checks a password that an existing account wants. Throws `validation_failed` at `field` when a rule refuses it. */
export const createAcceptNewPassword =
  ({ userService }: Dependencies) =>
  async (
    field: string,
    password: string,
    { _id, email }: Pick<Credential, '_id' | 'email'>,
  ): Promise<void> => {
    parsePart('body', z.object({ [field]: NewPassword }), { [field]: password });
    if (isPersonal(password, { email })) throw tooPersonal(field);
    // The username is not checked when user-service is slow: the rule is not worth a long wait.
    const username = await Promise.race([
      userService.findUsername(_id),
      delay(usernameMs, undefined, { ref: false }),
    ]);
    if (isPersonal(password, { email, username })) throw tooPersonal(field);
  };

const tooPersonal = (field: string) =>
  new Problem(problems.validationFailed, { errors: [{ path: `body.${field}`, ...personalPassword }] });
