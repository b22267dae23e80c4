import { newDelivery, type Delivery } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel } from './credential.model.ts';
import { usable } from './credentials.repository.ts';

export const tokenMailKinds = [
  'verifyEmail',
  'changeEmail',
  'resetPassword',
  'loginLocked',
  'newDevice',
] as const;
export const noticeKinds = [
  'passwordChanged',
  'emailChanged',
  'accountDeactivated',
  'accountErased',
] as const;

export type TokenMailKind = (typeof tokenMailKinds)[number];
export type NoticeKind = (typeof noticeKinds)[number];

/**
 * A mail to send: kept in the document that caused it, and written together with the cause. It contains no token; a token
 * is derived from its id when it is sent.
 */
export interface MailIntent extends Delivery {
  kind: TokenMailKind | NoticeKind;
  to: string;
  /** For a mail with a token: the version of the account that the token is for. */
  tokenVersion?: number;
  /** For a notice: whether the recipient had confirmed the address. */
  isConfirmed?: boolean;
  /** The email of the account when a mail with a token was requested. */
  from?: string;
  /** For the notice of a changed email. */
  newEmail?: string;
  /** For the notice of a login from a new device. */
  device?: string;
  /** Names the latest claim of a worker. */
  claim?: string;
}

const maxMails = 100;
// Of resets and confirmations, one waits at a time. The rest is kept for notices, which nobody must be able to displace.
const maxBounded = 10;
const isBounded = new Set<MailIntent['kind']>(['changeEmail', 'newDevice']);

/** The version that raises with everything that ends mailed tokens, except a change of the email. */
export const tokenVersion = ({
  sessionRevocations,
  passwordChanges,
}: Pick<Credential, 'sessionRevocations' | 'passwordChanges'>): number =>
  sessionRevocations + passwordChanges;

export const newTokenMail = (
  kind: TokenMailKind,
  to: string,
  account: Credential,
  now: Date,
  details: Pick<MailIntent, 'device'> = {},
): MailIntent => ({
  ...newDelivery(0, now),
  kind,
  to,
  tokenVersion: tokenVersion(account),
  from: account.email,
  ...details,
});

/** A notice to the current email of an account. */
export const newNotice = (
  kind: NoticeKind,
  { email, emailVerified }: Pick<Credential, 'email' | 'emailVerified'>,
  now: Date,
  details: Pick<MailIntent, 'newEmail'> = {},
): MailIntent => ({ ...newDelivery(0, now), kind, to: email, isConfirmed: emailVerified, ...details });

/** The part of an update that adds mails. Of more than a hundred, the oldest are dropped. */
export const withMails = (mails: MailIntent[]) => ({
  $push: { mails: { $each: mails, $slice: -maxMails } },
});

const isParked = ({ dueAt }: MailIntent) => dueAt === null;

/** Whether an account has been revoked or has changed its email since a mail was requested. The mail is not sent any more. */
const isFromBefore = ({ tokenVersion: version, from }: MailIntent, account: Credential) =>
  version !== tokenVersion(account) || from !== account.email;

/** Whether an account has a mail of this kind to this address that is not parked and will be sent. */
export const hasWaiting = (account: Credential, kind: TokenMailKind, to: string) =>
  (account.mails ?? []).some(
    (mail) => mail.kind === kind && mail.to === to && !isParked(mail) && !isFromBefore(mail, account),
  );

/**
 * Adds a mail with a token, in place of a parked one, or makes one that waits already due now. False when the account has
 * changed since it was read or cannot be used, and, for a change of the email or a new device, when ten mails wait.
 */
export async function requestTokenMail(
  credentials: CredentialModel,
  account: Credential,
  mail: MailIntent,
): Promise<boolean> {
  const { _id, email, sessionRevocations, passwordChanges, mails = [] } = account;
  const { kind, to, device } = mail;
  // Mails about two devices say different things.
  const same = { kind, to, ...(device !== undefined && { device }) };
  await credentials.updateOne({ _id }, { $pull: { mails: { ...same, dueAt: null } } });
  const old = mails.filter((one) => one.kind === kind && one.to === to && isFromBefore(one, account));
  if (old.length > 0)
    await credentials.updateOne({ _id }, { $pull: { mails: { id: { $in: old.map(({ id }) => id) } } } });
  const isAdded = await credentials.updateOne(
    {
      _id,
      ...usable,
      email,
      sessionRevocations,
      passwordChanges,
      mails: { $not: { $elemMatch: same } },
      ...(isBounded.has(kind) && { [`mails.${maxBounded - 1}`]: { $exists: false } }),
    },
    withMails([mail]),
  );
  if (isAdded.matchedCount === 1) return true;
  const isDue = await credentials.updateOne(
    { _id, mails: { $elemMatch: { ...same, claim: { $exists: false } } } },
    { $set: { 'mails.$.dueAt': mail.dueAt, 'mails.$.since': mail.since } },
  );
  return isDue.matchedCount === 1;
}
