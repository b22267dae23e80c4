import { newDelivery } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel } from '../credentials/credential.model.ts';
import { usable } from '../credentials/credentials.repository.ts';
import { noMailedTokens, withNewestToken, withToken } from '../credentials/mailed-tokens.ts';
import {
  authorOf,
  newEvent,
  system,
  withEventInPipeline,
  withMailsAndEvents,
  type Author,
  type EventIntent,
} from '../credentials/event-intents.ts';
import { newNotice, newTokenMail, requestTokenMail } from '../credentials/mail-intents.ts';
import { withNewPassword } from '../credentials/new-password.ts';
import { resetTokenMinutes } from '../mail/mailed-token.ts';
import type { Device } from '../sessions/session.model.ts';

const withReset = (hash: string, now: Date) => ({ ...usable, passwordResets: withToken(hash, now) });

export type PasswordsRepository = ReturnType<typeof createPasswordsRepository>;

export function createPasswordsRepository(
  credentials: CredentialModel,
  { leaseMs, clock }: { leaseMs: number; clock: () => Date },
) {
  /**
   * Sets a password, removes all mailed tokens and revokes all access tokens. The address of the account as it was read
   * gets a notice. Null when the filter does not match.
   */
  function setPassword(
    account: Credential,
    filter: object,
    passwordHash: string,
    events: EventIntent[],
    fields: { emailVerified?: true } = {},
  ): Promise<Credential | null> {
    const now = clock();
    const notice = newNotice('passwordChanged', { ...account, ...fields }, now);
    const changed = { ...fields, ...noMailedTokens, delivery: newDelivery(leaseMs, now) };
    return credentials
      .findOneAndUpdate(
        { ...filter, email: account.email },
        { ...withNewPassword(passwordHash, changed), ...withMailsAndEvents([notice], events) },
        { returnDocument: 'after' },
      )
      .lean<Credential>()
      .exec();
  }

  return {
    /** Adds a mail with a token for a new password, or makes one that waits due. False when it is being sent, or the account has changed. */
    requestReset: (
      credential: Credential,
      kind: 'resetPassword' | 'loginLocked' | 'newDevice' = 'resetPassword',
      details: { device?: string } = {},
    ): Promise<boolean> =>
      requestTokenMail(
        credentials,
        credential,
        newTokenMail(kind, credential.email, credential, clock(), details),
      ),

    /** Adds a token for a new password that is not mailed. False when the account has changed or cannot be used. */
    async addReset({ _id, email }: Credential, hash: string): Promise<boolean> {
      const expiresAt = new Date(clock().getTime() + resetTokenMinutes * 60_000);
      const update = [
        { $set: withNewestToken('passwordResets', { hash, expiresAt }) },
        withEventInPipeline(newEvent('password_reset_issued', _id, system, clock())),
      ];
      const { matchedCount } = await credentials.updateOne({ _id, ...usable, email }, update, {
        updatePipeline: true,
      });
      return matchedCount === 1;
    },

    /** Replaces the hash of a password that stays the same. */
    async rehash({ _id, passwordHash: before }: Credential, passwordHash: string): Promise<void> {
      await credentials.updateOne({ _id, passwordHash: before }, { $set: { passwordHash } });
    },

    findByReset: (hash: string): Promise<Credential | null> =>
      credentials.findOne(withReset(hash, clock())).lean<Credential>().exec(),

    /** Also confirms the email, which the token was mailed to. Null when the token is unknown, used or expired. */
    reset(account: Credential, hash: string, passwordHash: string, device: Device) {
      const events = ofReset(account, authorOf(account._id, device), clock());
      return setPassword(account, withReset(hash, clock()), passwordHash, events, { emailVerified: true });
    },

    /** Null when the account has revoked anything since it was read. */
    change(credential: Credential, passwordHash: string, device: Device) {
      const { _id: id } = credential;
      const event = newEvent('password_changed', id, authorOf(id, device), clock());
      return setPassword(credential, { ...usable, ...unrevoked(credential) }, passwordHash, [event]);
    },
  };
}

const ofReset = ({ _id, emailVerified }: Credential, author: Author, now: Date) => [
  newEvent('password_reset', _id, author, now),
  ...(emailVerified ? [] : [newEvent('email_verified', _id, author, now)]),
];

/** Matches an account that has the same access version, and so the same password, as when it was read. */
const unrevoked = ({ _id, accessRevocations, passwordChanges, logoutsOfAll }: Credential) => ({
  _id,
  accessRevocations,
  passwordChanges,
  logoutsOfAll: logoutsOfAll ?? null,
});
