import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { newDelivery, Problem } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel } from '../credentials/credential.model.ts';
import { usable } from '../credentials/credentials.repository.ts';
import { noMailedTokens, withToken } from '../credentials/mailed-tokens.ts';
import { newEvent, withMailsAndEvents, type Author } from '../credentials/event-intents.ts';
import { newNotice, newTokenMail, requestTokenMail } from '../credentials/mail-intents.ts';
import { withNewPassword } from '../credentials/new-password.ts';
import { emailTaken } from '../credentials/problems.ts';

const withConfirmation = (hash: string, now: Date) => ({
  ...usable,
  $or: [{ emailConfirmations: withToken(hash, now) }, { emailChanges: withToken(hash, now) }],
});

export type EmailsRepository = ReturnType<typeof createEmailsRepository>;

export const createEmailsRepository = (
  credentials: CredentialModel,
  { leaseMs, clock }: { leaseMs: number; clock: () => Date },
) => ({
  /** Adds a mail with a token that confirms `to`, or makes one that waits due. False when it is being sent, ten mails wait, or the account has changed. */
  requestConfirmation: (
    credential: Credential,
    kind: 'verifyEmail' | 'changeEmail',
    to: string,
  ): Promise<boolean> =>
    requestTokenMail(credentials, credential, newTokenMail(kind, to, credential, clock())),

  findByToken: (hash: string): Promise<Credential | null> =>
    credentials.findOne(withConfirmation(hash, clock())).lean<Credential>().exec(),

  /**
   * Makes `email`, which the token confirms, the verified email of the account as it was read, and removes all mailed
   * tokens. The previous address gets a notice. A `passwordHash` replaces the current one and revokes all access tokens.
   * Null when the token is unknown, used or expired; a password change removes the token. Throws `email_taken`.
   */
  async confirm(
    before: Credential,
    hash: string,
    email: string,
    author: Author,
    passwordHash?: string,
  ): Promise<Credential | null> {
    const now = clock();
    const notices =
      email === before.email ? [] : [newNotice('emailChanged', before, now, { newEmail: email })];
    const verified = { email, emailVerified: true, ...noMailedTokens, delivery: newDelivery(leaseMs, now) };
    const change =
      passwordHash === undefined
        ? { $set: verified, $inc: { profileVersion: 1 } }
        : withNewPassword(passwordHash, verified);
    const events = eventsOf(before, { email, passwordHash }, author, now);
    const update = { ...change, ...withMailsAndEvents(notices, events) };
    try {
      return await credentials
        .findOneAndUpdate({ ...withConfirmation(hash, now), email: before.email }, update, {
          returnDocument: 'after',
        })
        .lean<Credential>()
        .exec();
    } catch (error) {
      throw isDuplicateKey(error) ? new Problem(emailTaken, { cause: error }) : error;
    }
  },
});

const eventsOf = (
  { _id: id, email: from, emailVerified }: Credential,
  { email: to, passwordHash }: { email: string; passwordHash: string | undefined },
  author: Author,
  now: Date,
) => [
  ...(to === from ? [] : [newEvent('email_changed', id, author, now, { from, to })]),
  ...(to === from && !emailVerified ? [newEvent('email_verified', id, author, now)] : []),
  ...(passwordHash === undefined ? [] : [newEvent('password_reset', id, author, now)]),
];
