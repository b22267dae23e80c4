import {
  Problem,
  problems,
  problemType,
  retryOnConflict,
  type AccessTokenUser,
  type BackgroundWork,
} from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { emailTaken } from '../credentials/problems.ts';
import type { Links } from '../mail/links.ts';
import { createMailedToken, hashOf } from '../mail/mailed-token.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { SendLimited } from '../mail/send-limited.ts';
import { emailChangedMail } from '../mail/texts/email-changed.ts';
import { emailChangeMail, emailConfirmationMail } from '../mail/texts/email-confirmation.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import { createAcceptNewPassword } from '../passwords/accept-new-password.ts';
import { createRequireCurrentPassword } from '../passwords/require-current-password.ts';
import type { SessionsRepository } from '../sessions/sessions.repository.ts';
import type { EmailsRepository, EmailTokenKind } from './emails.repository.ts';
import type { ChangeEmail, VerifyEmail } from './emails.schemas.ts';

export const invalidVerificationToken = problemType(
  400,
  'invalid_verification_token',
  'The token is unknown, used, or expired',
);

// A change has the shorter lifetime because an account can have only five unexpired tokens for a new email.
const lifetimeHours = { emailConfirmations: 24, emailChanges: 1 } as const;

const notSent = 'an email confirmation mail could not be sent';

export interface Dependencies {
  credentials: CredentialsRepository;
  emails: EmailsRepository;
  sessions: Pick<SessionsRepository, 'removeEarlier'>;
  passwords: PasswordHasher;
  userService: { findUsername(id: string): Promise<string | undefined> };
  notifyUserService: (credential: Credential) => Promise<void>;
  mailer: Mailer;
  sendLimited: SendLimited;
  links: Links;
  background: BackgroundWork;
  clock: () => Date;
}

/** The email of an account, and whether its owner has confirmed it. user-service copies both. */
export function createEmailsService(dependencies: Dependencies) {
  const { credentials, background } = dependencies;
  const requireCurrentPassword = createRequireCurrentPassword(dependencies);
  const prepareMail = createPrepareMail(dependencies);

  async function isUnchanged({ _id, profileVersion, sessionRevocations }: Credential): Promise<boolean> {
    const current = await credentials.findUsable(_id);
    return current?.profileVersion === profileVersion && current.sessionRevocations === sessionRevocations;
  }

  return {
    /**
     * Mails a token if the account exists and its email is not confirmed. To be called after the answer, so that its time
     * reveals nothing.
     */
    resend(email: string): void {
      background.queue(notSent, async () => {
        const credential = await credentials.findByEmail(email);
        if (credential === null || credential.emailVerified) return;
        const send = await prepareMail(credential, 'emailConfirmations', credential.email);
        if (send !== undefined) background.run(notSent, send);
      });
    },

    /** Mails a token to a new email, which replaces the current one when the token is used. Throws `rate_limited`. */
    async change(user: AccessTokenUser, { currentPassword, newEmail }: ChangeEmail): Promise<void> {
      const { id } = user;
      let credential = await requireCurrentPassword(user, currentPassword);
      const { passwordHash } = credential;
      const owner = await credentials.findByEmail(newEmail);
      if (owner !== null && owner._id !== id) throw new Problem(emailTaken);
      const send = await retryOnConflict(async () => {
        const prepared = await prepareMail(credential, 'emailChanges', newEmail);
        if (prepared !== undefined) return prepared;
        if (await isUnchanged(credential)) throw tooManyChanges();
        const current = await credentials.findUsable(id);
        if (current?.passwordHash !== passwordHash) throw new Problem(problems.tokenRevoked);
        credential = current;
        return undefined;
      });
      background.run(notSent, send);
    },

    verify: createVerify(dependencies),
  };
}

function createVerify(dependencies: Dependencies) {
  const { emails, sessions, notifyUserService, mailer, sendLimited, background } = dependencies;
  const replacePassword = createReplacePassword(dependencies);

  /** A notice to a confirmed address is always sent: nobody can suppress it by requesting mails. */
  async function sendNotice({ email, emailVerified }: Credential, newEmail: string): Promise<void> {
    const notice = emailChangedMail(email, newEmail);
    await (emailVerified ? mailer.send(notice) : sendLimited(notice, { share: 'ofUnconfirmedAccount' }));
  }

  /**
   * Confirms an email with a mailed token. For the email of a registration the owner of the mailbox wins: without a
   * session of the account or its current password, every session and the password end.
   */
  return async function verify(
    { token, password }: VerifyEmail,
    user: { id: string } | undefined,
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
    const after = await emails.confirm(hash, email, passwordHash);
    if (after === null) throw new Problem(invalidVerificationToken);
    await sessions.removeEarlier(after);
    await notifyUserService(after);
    if (before.email !== email)
      background.run('the notice of a changed email could not be sent', () => sendNotice(before, email));
  };
}

function createReplacePassword({ passwords, ...dependencies }: Dependencies) {
  const acceptNewPassword = createAcceptNewPassword(dependencies);

  /** The hash of another password, or of one that nobody knows. Undefined when the given password is the current one. */
  return async function replacePassword(account: Credential, password: string | undefined) {
    if (password === undefined) return passwords.hash(createMailedToken().token);
    if (await passwords.matches(password, account.passwordHash)) return undefined;
    await acceptNewPassword('password', password, account);
    return passwords.hash(password);
  };
}

function createPrepareMail({ emails, sendLimited, links, clock }: Dependencies) {
  /** Stores a token that confirms `email` and returns the function that mails it. Undefined when no token may be stored. */
  return async function prepareMail(credential: Credential, kind: EmailTokenKind, email: string) {
    const { token, hash } = createMailedToken();
    const hours = lifetimeHours[kind];
    const expiresAt = new Date(clock().getTime() + hours * 60 * 60_000);
    if (!(await emails.addToken(credential, kind, { hash, email, expiresAt }))) return undefined;
    const mail =
      kind === 'emailChanges'
        ? emailChangeMail({ to: email, token, link: links.changeEmail(token), lifetime: 'an hour' })
        : emailConfirmationMail({
            to: email,
            token,
            link: links.verifyEmail(token),
            lifetime: `${hours} hours`,
          });
    const share = kind === 'emailChanges' ? 'ofOthers' : 'ofUnconfirmedAccount';
    return () => sendLimited(mail, { share, undo: () => emails.removeToken(credential, kind, hash) });
  };
}

const otherAccount = () =>
  new Problem(problems.unauthenticated, {
    detail: 'The access token is not of the account of the mailed token.',
  });

const tooManyChanges = () =>
  new Problem(problems.rateLimited, {
    headers: { 'Retry-After': String(lifetimeHours.emailChanges * 60 * 60) },
  });
