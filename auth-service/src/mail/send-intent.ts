import type { Logger } from '@polyglot-notes/service-kit';
import type { MailedToken, MailedTokenField } from '../credentials/mailed-tokens.ts';
import { tokenVersion, type MailIntent, type TokenMailKind } from '../credentials/mail-intents.ts';
import type { Links } from './links.ts';
import { MailError, MailTooOldError } from './mail-failures.ts';
import { hashOf } from './mailed-token.ts';
import type { Mailer } from './mailer.ts';
import type { ClaimedMail, MailsRepository } from './mails.repository.ts';
import { maxAgeHours } from './max-age.ts';
import type { Recipients, Share } from './recipients.repository.ts';
import type { MailedLink } from './texts/layout.ts';
import { writeMail } from './texts/texts.ts';
import { tokenMails } from './token-mails.ts';

interface Dependencies {
  mails: Pick<MailsRepository, 'begin' | 'defer' | 'remove' | 'removeClaimed'>;
  recipients: Pick<Recipients, 'take' | 'giveBack' | 'windowEnd'>;
  mailer: Mailer;
  links: Links;
  tokenOf: (mailId: string) => string;
  /** The longest time that the mailer takes, and time for the database. */
  leaseMs: number;
  log: Logger;
  clock: () => Date;
}

type Outcome = 'sent' | 'not needed' | 'over the limit';

const isTokenMail = (kind: MailIntent['kind']): kind is TokenMailKind => kind in tokenMails;

/**
 * Sends a claimed mail and removes its intent. A mail that is not needed any more is dropped, one over the limit of its
 * recipient waits for the end of the limit's window. Throws a MailTooOldError in place of the fault of an old mail.
 */
export function createSendIntent(dependencies: Dependencies) {
  const { mails, clock } = dependencies;
  const sendWithinLimit = createSendWithinLimit(dependencies);
  const defer = createDefer(dependencies);

  return async (claimed: ClaimedMail): Promise<void> => {
    const { kind } = claimed.delivery;
    try {
      const outcome = isNeeded(claimed) ? await sendWithinLimit(claimed) : 'not needed';
      if (outcome === 'sent') await mails.remove(claimed);
      else if (outcome === 'not needed') await mails.removeClaimed(claimed);
      else await defer(claimed);
    } catch (error) {
      throw isTooOld(claimed, clock()) ? new MailTooOldError(maxAgeHours[kind], error) : error;
    }
  };
}

function createDefer({ mails, recipients, log, clock }: Dependencies) {
  return async (claimed: ClaimedMail): Promise<void> => {
    const { id: mailId, kind, to } = claimed.delivery;
    if (!isTooOld(claimed, clock()))
      return mails.defer(claimed, await recipients.windowEnd(to), 'the recipient has had too many mails');
    log.warn({ mailId, kind }, 'mail dropped: its recipient has had too many');
    await mails.removeClaimed(claimed);
  };
}

function createSendWithinLimit(dependencies: Dependencies) {
  const { recipients } = dependencies;
  const send = createSend(dependencies);

  /** Sends a mail that is counted already. It stays counted when it may have arrived. */
  async function sendCounted(claimed: ClaimedMail): Promise<Outcome> {
    let mayHaveArrived = false;
    try {
      const outcome = await send(claimed);
      mayHaveArrived = outcome === 'sent';
      return outcome;
    } catch (error) {
      mayHaveArrived = error instanceof MailError && error.mayHaveArrived;
      throw error;
    } finally {
      if (!mayHaveArrived) await recipients.giveBack(claimed.delivery.to);
    }
  }

  return async (claimed: ClaimedMail): Promise<Outcome> => {
    const share = shareOf(claimed);
    if (share === 'unlimited') return send(claimed);
    return (await recipients.take(claimed.delivery.to, share)) ? sendCounted(claimed) : 'over the limit';
  };
}

interface NewToken {
  field: MailedTokenField;
  stored: MailedToken;
  mailed: MailedLink;
}

function createSend({ mails, mailer, links, tokenOf, leaseMs, clock }: Dependencies) {
  /** The token of a mail. Its lifetime begins now. */
  function newToken({ _id: id, delivery: { kind, to } }: ClaimedMail): NewToken | undefined {
    if (!isTokenMail(kind)) return undefined;
    const { field, link, minutes } = tokenMails[kind];
    const token = tokenOf(id);
    const stored = {
      hash: hashOf(token),
      expiresAt: new Date(clock().getTime() + minutes * 60_000),
      ...(field !== 'passwordResets' && { email: to }),
    };
    return { field, stored, mailed: { token, link: links[link](token) } };
  }

  return async (claimed: ClaimedMail): Promise<Outcome> => {
    const token = newToken(claimed);
    const until = new Date(clock().getTime() + leaseMs);
    if (!(await mails.begin(claimed, until, token))) return 'not needed';
    await mailer.send(writeMail(claimed.delivery, token?.mailed), claimed._id);
    return 'sent';
  };
}

const isTooOld = ({ delivery: { kind, since } }: ClaimedMail, now: Date) =>
  now.getTime() - since.getTime() >= maxAgeHours[kind] * 60 * 60_000;

/** A notice to a confirmed address is always sent: nobody can suppress it by requesting mails. */
function shareOf({ delivery: { kind, isConfirmed }, owner }: ClaimedMail): Share | 'unlimited' {
  if (isTokenMail(kind)) return tokenMails[kind].share(owner);
  return isConfirmed === true ? 'unlimited' : 'ofUnconfirmedAccount';
}

function isNeeded({ delivery: mail, owner }: ClaimedMail): boolean {
  if (!isTokenMail(mail.kind)) return true;
  const { sessionRevocations = 0, passwordChanges = 0 } = owner;
  const isCurrent = tokenVersion({ sessionRevocations, passwordChanges }) === mail.tokenVersion;
  return isCurrent && tokenMails[mail.kind].isNeeded(mail, owner);
}
