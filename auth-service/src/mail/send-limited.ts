import type { Logger } from '@polyglot-notes/service-kit';
import type { Mail, Mailer } from './mailer.ts';
import type { Recipients } from './recipients.repository.ts';

/** A share can use up only its own part: the rest of the mails to an address is kept for the larger shares. */
const shares = { ofConfirmedAccount: 1, ofUnconfirmedAccount: 0.75, ofOthers: 0.5 } as const;

interface Options {
  /** The relation of the account to the address: confirmed, claimed by its registration, or only requested. */
  share: keyof typeof shares;
  /** Removes the token of the mail when the mail is not sent. */
  undo?: () => Promise<void>;
}

export type SendLimited = ReturnType<typeof createSendLimited>;

interface Dependencies {
  mailer: Pick<Mailer, 'send'>;
  recipients: Pick<Recipients, 'take'>;
  maxPerRecipient: number;
  log: Logger;
}

/** Sends a mail unless its recipient has had too many within the lifetime of a reset token. */
export const createSendLimited =
  ({ mailer, recipients, maxPerRecipient, log }: Dependencies) =>
  async (mail: Mail, { share, undo = async () => {} }: Options): Promise<void> => {
    if (!(await recipients.take(mail.to, Math.ceil(maxPerRecipient * shares[share])))) {
      log.warn({ subject: mail.subject }, 'mail not sent: its recipient has had too many');
      return undo();
    }
    try {
      await mailer.send(mail);
    } catch (error) {
      await undo();
      throw error;
    }
  };
