import { Problem, problems, type AccessTokenUser } from '@polyglot-notes/service-kit';
import { accessVersion, type Credential } from '../credentials/credential.model.ts';
import { authorOf } from '../credentials/event-intents.ts';
import type { RecordRefusal } from '../events/record-refusal.ts';
import type { LoginLocks } from '../login-locks/login-locks.ts';
import { invalidCredentials } from '../credentials/problems.ts';
import type { Device } from '../sessions/session.model.ts';

interface Dependencies {
  credentials: { findUsable(id: string): Promise<Credential | null> };
  passwords: { matches(password: string, hash: string | undefined): Promise<boolean> };
  loginLocks: Pick<LoginLocks, 'guardSessions'>;
  recordRefusal: RecordRefusal;
}

export const wrongCurrentPassword = () =>
  new Problem(invalidCredentials, { detail: 'The current password is wrong.' });

/** Reads an account and checks its password. Throws `token_revoked` when the token of `user` is no longer valid, `invalid_credentials` and `login_locked`. */
export const createRequireCurrentPassword =
  ({ credentials, passwords, loginLocks, recordRefusal }: Dependencies) =>
  async (
    user: Pick<AccessTokenUser, 'id' | 'accessVersion'>,
    currentPassword: string,
    device: Device,
  ): Promise<Credential> => {
    const credential = await credentials.findUsable(user.id);
    if (credential === null || accessVersion(credential) !== user.accessVersion)
      throw new Problem(problems.tokenRevoked);
    const author = authorOf(user.id, device);
    await recordRefusal({ type: 'password_refused', account: credential, author }, async () => {
      const isRight = await loginLocks.guardSessions(credential, () =>
        passwords.matches(currentPassword, credential.passwordHash),
      );
      if (!isRight) throw wrongCurrentPassword();
    });
    return credential;
  };
