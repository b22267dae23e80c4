import { Problem, problems, type AccessTokenUser } from '@polyglot-notes/service-kit';
import { accessVersion, type Credential } from '../credentials/credential.model.ts';
import { invalidCredentials } from '../credentials/problems.ts';

interface Dependencies {
  credentials: { findUsable(id: string): Promise<Credential | null> };
  passwords: { matches(password: string, hash: string | undefined): Promise<boolean> };
}

export const wrongCurrentPassword = () =>
  new Problem(invalidCredentials, { detail: 'The current password is wrong.' });

/** Reads an account and checks its password. Throws `token_revoked` when the token of `user` is no longer valid, and `invalid_credentials`. */
export const createRequireCurrentPassword =
  ({ credentials, passwords }: Dependencies) =>
  async (
    user: Pick<AccessTokenUser, 'id' | 'accessVersion'>,
    currentPassword: string,
  ): Promise<Credential> => {
    const credential = await credentials.findUsable(user.id);
    if (credential === null || accessVersion(credential) !== user.accessVersion)
      throw new Problem(problems.tokenRevoked);
    if (!(await passwords.matches(currentPassword, credential.passwordHash))) throw wrongCurrentPassword();
    return credential;
  };
