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
 * The fields of an update pipeline that store a mailed token as the newest of its kind, or keep its place when its mail is sent
 * again. Only the newest two are kept. An email may begin with `$`, so the token is a literal.
 */
export function withNewestToken(field: MailedTokenField, token: MailedToken) {
  const stored = { $ifNull: [`$${field}`, []] };
  const isSame = { $eq: ['$$this.hash', { $literal: token.hash }] };
  const isStored = { $gt: [{ $size: { $filter: { input: stored, cond: isSame } } }, 0] };
  const replaced = { $map: { input: stored, in: { $cond: [isSame, { $literal: token }, '$$this'] } } };
  const added = { $slice: [{ $concatArrays: [stored, [{ $literal: token }]] }, -maxTokens] };
  return { [field]: { $cond: [isStored, replaced, added] } };
}
