import { usable } from './credentials.repository.ts';
import type { Credential, CredentialModel, EmailConfirmation, PasswordReset } from './credential.model.ts';

export const noMailedTokens = { passwordResets: [], emailConfirmations: [], emailChanges: [] };

type TokenKind = keyof typeof noMailedTokens;

const maxTokens = 5;

export const withToken = (hash: string, now: Date) => ({ $elemMatch: { hash, expiresAt: { $gt: now } } });

/**
 * Stores a mailed token in the credential as it was read. False when the credential has changed or cannot be used, and
 * when it has five unexpired tokens of this kind: nobody can flood a mailbox or displace the token that its owner has.
 */
export async function addToken(
  credentials: CredentialModel,
  { _id, profileVersion, sessionRevocations }: Credential,
  kind: TokenKind,
  token: PasswordReset | EmailConfirmation,
  now: Date,
): Promise<boolean> {
  const { matchedCount } = await credentials.updateOne(
    {
      _id,
      profileVersion,
      sessionRevocations,
      ...usable,
      $or: [{ [`${kind}.${maxTokens - 1}`]: { $exists: false } }, { [`${kind}.0.expiresAt`]: { $lte: now } }],
    },
    { $push: { [kind]: { $each: [token], $slice: -maxTokens } } },
  );
  return matchedCount === 1;
}

export async function removeToken(
  credentials: CredentialModel,
  { _id }: Credential,
  kind: TokenKind,
  hash: string,
): Promise<void> {
  await credentials.updateOne({ _id }, { $pull: { [kind]: { hash } } });
}
