import { Problem, problems } from '@polyglot-notes/service-kit';
import type { Credential } from '../accounts/credentials.repository.ts';
import { invalidCredentials } from '../accounts/login.service.ts';
import type { Context } from '../context.ts';

/** What somebody is told who has a token and not the password. */
export const wrongCurrentPassword = () =>
  new Problem(invalidCredentials, { detail: 'The current password is wrong.' });

/** The account of a bearer who knows its password, too. Throws `token_revoked` when it cannot be used any more. */
export const bearerWithPassword =
  ({ credentials, passwords }: Pick<Context, 'credentials' | 'passwords'>) =>
  async (id: string, currentPassword: string): Promise<Credential> => {
    const credential = await credentials.findUsable(id);
    if (credential === null) throw new Problem(problems.tokenRevoked);
    if (!(await passwords.matches(currentPassword, credential.passwordHash))) throw wrongCurrentPassword();
    return credential;
  };
