import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { newDelivery, Problem } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel, EmailConfirmation } from '../credentials/credential.model.ts';
import { usable } from '../credentials/credentials.repository.ts';
import { addToken, noMailedTokens, removeToken, withToken } from '../credentials/mailed-tokens.ts';
import { withNewPassword } from '../credentials/new-password.ts';
import { emailTaken } from '../credentials/problems.ts';

export type EmailTokenKind = 'emailConfirmations' | 'emailChanges';

const withConfirmation = (hash: string, now: Date) => ({
  ...usable,
  $or: [{ emailConfirmations: withToken(hash, now) }, { emailChanges: withToken(hash, now) }],
});

export type EmailsRepository = ReturnType<typeof createEmailsRepository>;

export const createEmailsRepository = (
  credentials: CredentialModel,
  { leaseMs, clock }: { leaseMs: number; clock: () => Date },
) => ({
  addToken: (credential: Credential, kind: EmailTokenKind, confirmation: EmailConfirmation) =>
    addToken(credentials, credential, kind, confirmation, clock()),

  removeToken: (credential: Credential, kind: EmailTokenKind, hash: string) =>
    removeToken(credentials, credential, kind, hash),

  findByToken: (hash: string): Promise<Credential | null> =>
    credentials.findOne(withConfirmation(hash, clock())).lean<Credential>().exec(),

  /**
   * Makes `email`, which the token confirms, the verified email of the account, and removes all mailed tokens. A
   * `passwordHash` replaces the current one and revokes all access tokens. Null when the token is unknown, used or
   * expired; a password change removes the token. Throws `email_taken`.
   */
  async confirm(hash: string, email: string, passwordHash?: string): Promise<Credential | null> {
    const now = clock();
    const verified = { email, emailVerified: true, ...noMailedTokens, delivery: newDelivery(leaseMs, now) };
    const update =
      passwordHash === undefined
        ? { $set: verified, $inc: { profileVersion: 1 } }
        : withNewPassword(passwordHash, verified);
    try {
      return await credentials
        .findOneAndUpdate(withConfirmation(hash, now), update, { returnDocument: 'after' })
        .lean<Credential>()
        .exec();
    } catch (error) {
      throw isDuplicateKey(error) ? new Problem(emailTaken, { cause: error }) : error;
    }
  },
});
