import {
  Problem,
  problems,
  problemType,
  retryOnConflict,
  type AccessTokenUser,
  type BackgroundWork,
  type Logger,
} from '@polyglot-notes/service-kit';
import { accessVersion, type Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { authorOf } from '../credentials/event-intents.ts';
import { hasWaiting } from '../credentials/mail-intents.ts';
import { emailTaken } from '../credentials/problems.ts';
import type { RecordRefusal } from '../events/record-refusal.ts';
import type { KnownDevices } from '../login-locks/known-devices.ts';
import type { LoginLocks } from '../login-locks/login-locks.ts';
import { createUnlock } from '../login-locks/unlock.ts';
import { hashOf, randomToken } from '../mail/mailed-token.ts';
import type { Recipients } from '../mail/recipients.repository.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import { createAcceptNewPassword } from '../passwords/accept-new-password.ts';
import { createRequireCurrentPassword } from '../passwords/require-current-password.ts';
import type { Device } from '../sessions/session.model.ts';
import type { SessionsRepository } from '../sessions/sessions.repository.ts';
import type { EmailsRepository } from './emails.repository.ts';
import type { ChangeEmail, VerifyEmail } from './emails.schemas.ts';

export const invalidVerificationToken = problemType(
  400,
  'invalid_verification_token',
  'The token is unknown, used, or expired',
);

const notRequested = 'an email confirmation mail could not be requested';

export interface Dependencies {
  credentials: CredentialsRepository;
  emails: EmailsRepository;
  sessions: Pick<SessionsRepository, 'removeEarlier'>;
  passwords: PasswordHasher;
  loginLocks: Pick<LoginLocks, 'guardSessions' | 'clear'>;
  knownDevices: Pick<KnownDevices, 'remember' | 'forgetAll'>;
  log: Logger;
  userService: { findUsername(id: string): Promise<string | undefined> };
  notifyUserService: (credential: Credential) => Promise<void>;
  recipients: Pick<Recipients, 'takeChange'>;
  recordRefusal: RecordRefusal;
  mailRelay: { wake(): void };
  background: BackgroundWork;
}

/** The email of an account, and whether its owner has confirmed it. user-service copies both. */
export function createEmailsService(dependencies: Dependencies) {
  const { credentials, emails, mailRelay, background } = dependencies;

  return {
    /**
     * Mails a token if the account exists and its email is not confirmed. To be called after the answer, so that its time
     * reveals nothing.
     */
    resend(email: string): void {
      background.queue(notRequested, async () => {
        const credential = await credentials.findByEmail(email);
        if (credential === null || credential.emailVerified) return;
        if (await emails.requestConfirmation(credential, 'verifyEmail', credential.email)) mailRelay.wake();
      });
    },

    change: createChange(dependencies),
    verify: createVerify(dependencies),
  };
}

function createChange(dependencies: Dependencies) {
  const { credentials, emails, recipients, mailRelay } = dependencies;
  const requireCurrentPassword = createRequireCurrentPassword(dependencies);

  /** Whether a mail to the new email waits now. Undefined when the account has changed since it was read. */
  async function requestMail(credential: Credential, newEmail: string): Promise<boolean | undefined> {
    if (await emails.requestConfirmation(credential, 'changeEmail', newEmail)) return true;
    const current = await credentials.findUsable(credential._id);
    if (current === null || accessVersion(current) !== accessVersion(credential))
      throw new Problem(problems.tokenRevoked);
    if (hasWaiting(current, 'changeEmail', newEmail)) return true;
    return current.email === credential.email ? false : undefined;
  }

  /** Mails a token to a new email, which replaces the current one when the token is used. Throws `rate_limited`. */
  return async (
    user: AccessTokenUser,
    { currentPassword, newEmail }: ChangeEmail,
    device: Device,
  ): Promise<void> => {
    let credential = await requireCurrentPassword(user, currentPassword, device);
    const owner = await credentials.findByEmail(newEmail);
    if (owner !== null && owner._id !== user.id) throw new Problem(emailTaken);
    const isRepeat = hasWaiting(credential, 'changeEmail', newEmail);
    if (!isRepeat && !(await recipients.takeChange(user.id))) throw tooManyChanges();
    const isWaiting = await retryOnConflict(async () => {
      const waiting = await requestMail(credential, newEmail);
      if (waiting === undefined) credential = (await credentials.findUsable(user.id)) ?? credential;
      return waiting;
    });
    if (!isWaiting) throw tooManyChanges();
    mailRelay.wake();
  };
}

function createVerify(dependencies: Dependencies) {
  const { emails, sessions, notifyUserService, mailRelay, knownDevices } = dependencies;
  const unlock = createUnlock(dependencies);
  const replacePassword = createReplacePassword(dependencies);

  /**
   * Confirms an email with a mailed token. For the email of a registration the owner of the mailbox wins: without a
   * session of the account or its current password, every session and the password end.
   */
  return async function verify(
    { token, password }: VerifyEmail,
    user: { id: string } | undefined,
    device: Device,
  ): Promise<void> {
    const hash = hashOf(token);
    const before = await emails.findByToken(hash);
    const hasHash = (one: { hash: string }) => one.hash === hash;
    const change = before?.emailChanges?.find(hasHash);
    const confirmation = change ?? before?.emailConfirmations?.find(hasHash);
    if (before === null || confirmation === undefined) throw new Problem(invalidVerificationToken);
    const { email } = confirmation;
    if (user !== undefined && user.id !== before._id) throw otherAccount();
    // A change was requested with the password, by the owner of an account that may have notes for years.
    const isProven = user !== undefined || change !== undefined;
    const passwordHash = isProven ? undefined : await replacePassword(before, password);
    const author = authorOf(before._id, device);
    const after = await emails.confirm(before, hash, email, author, passwordHash);
    if (after === null) throw new Problem(invalidVerificationToken);
    await sessions.removeEarlier(after);
    mailRelay.wake();
    await notifyUserService(after);
    if (passwordHash === undefined) return;
    if (password !== undefined) await unlock(after, device.ip);
    else await knownDevices.forgetAll(after._id);
  };
}

function createReplacePassword({ passwords, ...dependencies }: Dependencies) {
  const acceptNewPassword = createAcceptNewPassword(dependencies);

  /** The hash of another password, or of one that nobody knows. Undefined when the given password is the current one. */
  return async function replacePassword(account: Credential, password: string | undefined) {
    if (password === undefined) return passwords.hash(randomToken());
    if (await passwords.matches(password, account.passwordHash)) return undefined;
    await acceptNewPassword('password', password, account);
    return passwords.hash(password);
  };
}

const otherAccount = () =>
  new Problem(problems.unauthenticated, {
    detail: 'The access token is not of the account of the mailed token.',
  });

const tooManyChanges = () =>
  new Problem(problems.rateLimited, {
    headers: { 'Retry-After': '3600' },
  });
