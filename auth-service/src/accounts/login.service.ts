import { Problem, problemType } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import type { Login } from './accounts.schemas.ts';
import { accessVersion } from './credential.model.ts';

export const invalidCredentials = problemType(
  401,
  'invalid_credentials',
  'The email or the password is wrong',
);

export const accountDeactivated = problemType(403, 'account_deactivated', 'The account is switched off');

/** Checks an email and a password; an unknown email takes as long as a wrong password and looks the same. */
export const loginService =
  ({ credentials, passwords }: Pick<Context, 'credentials' | 'passwords'>) =>
  async ({ email, password }: Login) => {
    const credential = await credentials.findByEmail(email);
    const matches = await passwords.matches(password, credential?.passwordHash);
    if (!matches || credential?.state !== 'active') throw new Problem(invalidCredentials);
    if (credential.status !== 'active') throw new Problem(accountDeactivated);
    const { _id: id, emailVerified, role } = credential;
    return { id, email, emailVerified, role, version: accessVersion(credential) };
  };
