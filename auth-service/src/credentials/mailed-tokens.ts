/** A token as it is stored. */
export interface MailedToken {
  hash: string;
  expiresAt: Date;
  /** The email that it confirms. */
  email?: string;
}

export const noMailedTokens = { passwordResets: [], emailConfirmations: [], emailChanges: [] };

export type MailedTokenField = keyof typeof noMailedTokens;

const maxTokens = 2;

export const withToken = (hash: string, now: Date) => ({ $elemMatch: { hash, expiresAt: { $gt: now } } });

/**
 * The fields of an update pipeline that store a mailed token as the newest of its kind. Only the newest two are kept. An
 * email may begin with `$`, so the token is a literal.
 */
export const withNewestToken = (field: MailedTokenField, token: MailedToken) => {
  const stored = { $ifNull: [`$${field}`, []] };
  const others = { $filter: { input: stored, cond: { $ne: ['$$this.hash', { $literal: token.hash }] } } };
  return { [field]: { $slice: [{ $concatArrays: [others, [{ $literal: token }]] }, -maxTokens] } };
};
