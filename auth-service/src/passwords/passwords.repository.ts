import { newDelivery } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel } from '../credentials/credential.model.ts';
import { usable } from '../credentials/credentials.repository.ts';
import { noMailedTokens, withNewestToken, withToken } from '../credentials/mailed-tokens.ts';
import { newNotice, newTokenMail, requestTokenMail, withMails } from '../credentials/mail-intents.ts';
import { withNewPassword } from '../credentials/new-password.ts';
import { resetTokenMinutes } from '../mail/mailed-token.ts';

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
    fields: { emailVerified?: true } = {},
  ): Promise<Credential | null> {
    const now = clock();
    const notice = newNotice('passwordChanged', { ...account, ...fields }, now);
    const changed = { ...fields, ...noMailedTokens, delivery: newDelivery(leaseMs, now) };
    return credentials
      .findOneAndUpdate(
        { ...filter, email: account.email },
        { ...withNewPassword(passwordHash, changed), ...withMails([notice]) },
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
      const update = [{ $set: withNewestToken('passwordResets', { hash, expiresAt }) }];
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
    reset: (account: Credential, hash: string, passwordHash: string) =>
      setPassword(account, withReset(hash, clock()), passwordHash, { emailVerified: true }),

    /** Null when the account has revoked anything since it was read. */
    change: (credential: Credential, passwordHash: string) =>
      setPassword(credential, { ...usable, ...unrevoked(credential) }, passwordHash),
  };
}

/** Matches an account that has the same access version, and so the same password, as when it was read. */
const unrevoked = ({ _id, accessRevocations, passwordChanges, logoutsOfAll }: Credential) => ({
  _id,
  accessRevocations,
  passwordChanges,
  logoutsOfAll: logoutsOfAll ?? null,
});
