import type { Logger } from '@polyglot-notes/service-kit';
import { tokenVersion, type MailIntent, type TokenMailKind } from '../credentials/mail-intents.ts';
import type { Links } from './links.ts';
import { hashOf } from './mailed-token.ts';
import type { Mailer } from './mailer.ts';
import type { ClaimedMail, MailsRepository } from './mails.repository.ts';
import type { Recipients, Share } from './recipients.repository.ts';
import type { MailedLink } from './texts/layout.ts';
import { writeMail } from './texts/texts.ts';
import { tokenMails } from './token-mails.ts';

interface Dependencies {
  mails: Pick<MailsRepository, 'storeToken' | 'remove' | 'removeClaimed'>;
  recipients: Pick<Recipients, 'take' | 'giveBack'>;
  mailer: Mailer;
  links: Links;
  tokenOf: (mailId: string) => string;
  log: Logger;
  clock: () => Date;
}

const isTokenMail = (kind: MailIntent['kind']): kind is TokenMailKind => kind in tokenMails;

/** Sends a claimed mail and removes its intent. A mail that is not needed any more, or over the limit of its recipient, is dropped. */
export function createSendIntent(dependencies: Dependencies) {
  const { mails, recipients, mailer, log } = dependencies;
  const storeToken = createStoreToken(dependencies);

  async function isWithinLimit({ delivery: { id, kind, to } }: ClaimedMail, share: Share) {
    if (await recipients.take(to, share)) return true;
    log.warn({ mailId: id, kind }, 'mail dropped: its recipient has had too many');
    return false;
  }

  /** False when the account has changed, or another worker has claimed the mail. */
  async function send(claimed: ClaimedMail): Promise<boolean> {
    const { delivery: mail } = claimed;
    const mailed = isTokenMail(mail.kind) ? await storeToken(claimed, mail.kind) : 'no token';
    if (mailed === undefined) return false;
    await mailer.send(writeMail(mail, mailed === 'no token' ? undefined : mailed));
    return true;
  }

  async function sendCounted(claimed: ClaimedMail): Promise<boolean> {
    let isSent = false;
    try {
      isSent = await send(claimed);
    } finally {
      if (!isSent) await recipients.giveBack(claimed.delivery.to);
    }
    return isSent;
  }

  async function sendWithinLimit(claimed: ClaimedMail): Promise<boolean> {
    const share = shareOf(claimed);
    if (share === 'unlimited') return send(claimed);
    return (await isWithinLimit(claimed, share)) && sendCounted(claimed);
  }

  return async (claimed: ClaimedMail): Promise<void> => {
    const isSent = isNeeded(claimed) && (await sendWithinLimit(claimed));
    await (isSent ? mails.remove(claimed) : mails.removeClaimed(claimed));
  };
}

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

function createStoreToken({ mails, links, tokenOf, clock }: Dependencies) {
  /** The token of a mail, whose lifetime begins now. Undefined when the account has changed. */
  return async (claimed: ClaimedMail, kind: TokenMailKind): Promise<MailedLink | undefined> => {
    const { field, link, minutes } = tokenMails[kind];
    const token = tokenOf(claimed._id);
    const isStored = await mails.storeToken(claimed, field, {
      hash: hashOf(token),
      expiresAt: new Date(clock().getTime() + minutes * 60_000),
      ...(field !== 'passwordResets' && { email: claimed.delivery.to }),
    });
    return isStored ? { token, link: links[link](token) } : undefined;
  };
}
