/** A token as it is stored. */
export interface MailedToken {
  hash: string;
  expiresAt: Date;
  /** The email that it confirms. */
  email?: string;
  /** The mail that it is derived from, unless it is random. */
  mailId?: string;
}

export const noMailedTokens = { passwordResets: [], emailConfirmations: [], emailChanges: [] };

export type MailedTokenField = keyof typeof noMailedTokens;

const maxTokens = 2;

export const withToken = (hash: string, now: Date) => ({ $elemMatch: { hash, expiresAt: { $gt: now } } });

/**
 * The id of the mail whose token a mail has: its own, or, while two tokens are valid, that of the newest one. So strangers
 * who request mails do not displace a token that the owner may still use.
 */
export function tokenSource(
  stored: readonly MailedToken[],
  mail: { id: string; to: string },
  now: Date,
): string {
  const valid = stored.filter(({ expiresAt }) => expiresAt > now);
  const isRepeat = valid.some(({ mailId }) => mailId === mail.id);
  const { mailId = mail.id, email = mail.to } = valid.at(-1) ?? {};
  return valid.length < maxTokens || isRepeat || email !== mail.to ? mail.id : mailId;
}

/**
 * The fields of an update pipeline that store a mailed token as the newest of its kind. Only the newest two are kept. An
 * email may begin with `$`, so the token is a literal.
 */
export const withNewestToken = (field: MailedTokenField, token: MailedToken) => {
  const stored = { $ifNull: [`$${field}`, []] };
  const others = { $filter: { input: stored, cond: { $ne: ['$$this.hash', { $literal: token.hash }] } } };
  return { [field]: { $slice: [{ $concatArrays: [others, [{ $literal: token }]] }, -maxTokens] } };
};
