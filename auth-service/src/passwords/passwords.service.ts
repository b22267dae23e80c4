import {
  Problem,
  problems,
  problemType,
  type AccessTokenUser,
  type BackgroundWork,
  type Logger,
} from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { opaqueForm } from '../credentials/password-forms.ts';
import type { RecordRefusal } from '../events/record-refusal.ts';
import type { KnownDevices } from '../login-locks/known-devices.ts';
import { createTrustOnly, createUnlock } from '../login-locks/unlock.ts';
import type { LoginLocks } from '../login-locks/login-locks.ts';
import { hashOf } from '../mail/mailed-token.ts';
import type { RenewSession } from '../sessions/renew-session.ts';
import type { Device } from '../sessions/session.model.ts';
import type { SessionsRepository } from '../sessions/sessions.repository.ts';
import { createAcceptNewPassword } from './accept-new-password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { PasswordsRepository } from './passwords.repository.ts';
import type { UpdatePassword } from './passwords.schemas.ts';
import { createRequireCurrentPassword, wrongCurrentPassword } from './require-current-password.ts';

export const invalidResetToken = problemType(
  400,
  'invalid_reset_token',
  'The token is unknown, used, or older than 15 minutes',
);

export const passwordUnchanged = problemType(
  400,
  'password_unchanged',
  'The new password is the current one',
);

const notRequested = 'a password reset mail could not be requested';

export interface Dependencies {
  credentials: CredentialsRepository;
  passwordChanges: PasswordsRepository;
  passwords: PasswordHasher;
  userService: { findUsername(id: string): Promise<string | undefined> };
  notifyUserService: (credential: Credential) => Promise<void>;
  sessions: Pick<SessionsRepository, 'findUnended' | 'removeEarlier'>;
  renewSession: RenewSession;
  mailRelay: { wake(): void };
  loginLocks: Pick<LoginLocks, 'guardSessions' | 'clear'>;
  knownDevices: Pick<KnownDevices, 'forgetAll' | 'remember'>;
  recordRefusal: RecordRefusal;
  background: BackgroundWork;
  log: Logger;
}

export function createPasswordsService(dependencies: Dependencies) {
  const { credentials, passwordChanges, passwords, sessions, notifyUserService } = dependencies;
  const { mailRelay, background } = dependencies;
  const unlock = createUnlock(dependencies);
  const acceptNewPassword = createAcceptNewPassword(dependencies);

  return {
    /** Mails a token if the account exists. To be called after the answer, so that its time reveals nothing. */
    forgot(email: string): void {
      background.queue(notRequested, async () => {
        const credential = await credentials.findByEmail(email);
        if (credential !== null && (await passwordChanges.requestReset(credential))) mailRelay.wake();
      });
    },

    async reset(token: string, password: string, device: Device): Promise<void> {
      const hash = hashOf(token);
      const credential = await passwordChanges.findByReset(hash);
      if (credential === null) throw new Problem(invalidResetToken);
      await acceptNewPassword('password', password, credential);
      if (await passwords.matches(password, credential.passwordHash)) throw new Problem(passwordUnchanged);
      const passwordHash = await passwords.hash(password);
      const changed = await passwordChanges.reset(credential, hash, passwordHash, device);
      if (changed === null) throw new Problem(invalidResetToken);
      mailRelay.wake();
      await sessions.removeEarlier(changed);
      await notifyUserService(changed);
      await unlock(changed, device.ip);
    },

    update: createUpdate(dependencies),
  };
}

function createUpdate(dependencies: Dependencies) {
  const { credentials, sessions, passwordChanges, passwords, notifyUserService } = dependencies;
  const { renewSession, mailRelay } = dependencies;
  const trustOnly = createTrustOnly(dependencies);
  const requireCurrentPassword = createRequireCurrentPassword(dependencies);
  const acceptNewPassword = createAcceptNewPassword(dependencies);

  /** Ends every other session of the account, and returns new tokens for the session of the caller. */
  return async (user: AccessTokenUser, { currentPassword, newPassword }: UpdatePassword, device: Device) => {
    const credential = await requireCurrentPassword(user, currentPassword, device);
    await acceptNewPassword('newPassword', newPassword, credential);
    if (opaqueForm(newPassword) === opaqueForm(currentPassword)) throw new Problem(passwordUnchanged);
    const passwordHash = await passwords.hash(newPassword);
    if ((await sessions.findUnended(user.sessionId)) === null) throw new Problem(problems.tokenRevoked);
    const changed = await passwordChanges.change(credential, passwordHash, device);
    if (changed === null) throw await lost(credential);
    mailRelay.wake();
    const tokens = await renewSession(changed, user.sessionId, device);
    await sessions.removeEarlier(changed);
    await notifyUserService(changed);
    await trustOnly(changed._id, device.ip);
    if (tokens === undefined) throw sessionEnded();
    return tokens;
  };

  /** Of several changes at once one succeeds. For the others, the password that they sent is no longer the current one. */
  async function lost({ _id, passwordHash }: Credential): Promise<Problem> {
    const current = await credentials.findUsable(_id);
    const isOvertaken = current !== null && current.passwordHash !== passwordHash;
    return isOvertaken ? wrongCurrentPassword() : new Problem(problems.tokenRevoked);
  }
}

const sessionEnded = () =>
  new Problem(problems.tokenRevoked, {
    detail: 'The password was changed, but this session has ended: log in again.',
  });
