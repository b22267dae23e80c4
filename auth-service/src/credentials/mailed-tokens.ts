export const noMailedTokens = { passwordResets: [], emailConfirmations: [], emailChanges: [] };

export type MailedTokenField = keyof typeof noMailedTokens;

const maxTokens = 2;

export const withToken = (hash: string, now: Date) => ({ $elemMatch: { hash, expiresAt: { $gt: now } } });

/** The update that stores a mailed token as the newest of its kind. Only the newest two are kept. */
export const withNewestToken = (field: MailedTokenField, token: { hash: string; expiresAt: Date }) => {
  const others = { $filter: { input: `$${field}`, cond: { $ne: ['$$this.hash', token.hash] } } };
  return [{ $set: { [field]: { $slice: [{ $concatArrays: [others, [token]] }, -maxTokens] } } }];
};
