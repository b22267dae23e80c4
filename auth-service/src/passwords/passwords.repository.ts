import { newDelivery } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel, PasswordReset } from '../credentials/credential.model.ts';
import { usable } from '../credentials/credentials.repository.ts';
import { addToken, noMailedTokens, removeToken, withToken } from '../credentials/mailed-tokens.ts';
import { withNewPassword } from '../credentials/new-password.ts';

const withReset = (hash: string, now: Date) => ({ ...usable, passwordResets: withToken(hash, now) });

export type PasswordsRepository = ReturnType<typeof createPasswordsRepository>;

export function createPasswordsRepository(
  credentials: CredentialModel,
  { leaseMs, clock }: { leaseMs: number; clock: () => Date },
) {
  /** Sets a password, removes all mailed tokens and revokes all access tokens. Null when the filter does not match. */
  const setPassword = (filter: object, passwordHash: string, fields = {}): Promise<Credential | null> =>
    credentials
      .findOneAndUpdate(
        filter,
        withNewPassword(passwordHash, {
          ...fields,
          ...noMailedTokens,
          delivery: newDelivery(leaseMs, clock()),
        }),
        { returnDocument: 'after' },
      )
      .lean<Credential>()
      .exec();

  return {
    addReset: (credential: Credential, reset: PasswordReset) =>
      addToken(credentials, credential, 'passwordResets', reset, clock()),

    removeReset: (credential: Credential, hash: string) =>
      removeToken(credentials, credential, 'passwordResets', hash),

    findByReset: (hash: string): Promise<Credential | null> =>
      credentials.findOne(withReset(hash, clock())).lean<Credential>().exec(),

    /** Also confirms the email, which the token was mailed to. Null when the token is unknown, used or expired. */
    reset: (hash: string, passwordHash: string) =>
      setPassword(withReset(hash, clock()), passwordHash, { emailVerified: true }),

    /** Null when the account has revoked anything since it was read. */
    change: (credential: Credential, passwordHash: string) =>
      setPassword({ ...usable, ...unrevoked(credential) }, passwordHash),
  };
}

/** Matches an account that has the same access version, and so the same password, as when it was read. */
const unrevoked = ({ _id, accessRevocations, passwordChanges, logoutsOfAll }: Credential) => ({
  _id,
  accessRevocations,
  passwordChanges,
  logoutsOfAll: logoutsOfAll ?? null,
});
