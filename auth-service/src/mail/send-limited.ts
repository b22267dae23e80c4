import type { Logger } from '@polyglot-notes/service-kit';
import type { Mail, Mailer } from './mailer.ts';
import type { Recipients } from './recipients.repository.ts';
import { sendOrUndo } from './send-or-undo.ts';

/** Half of the mails to an address are kept for the account that has it: others cannot use them up. */
const shares = { ofAccount: 1, ofOthers: 0.5 } as const;

interface Options {
  /** Whether the mail concerns the account that has the address, or an account that asks for it. */
  share: keyof typeof shares;
  /** Removes what the mail was prepared with, when it is not sent. */
  undo?: () => Promise<void>;
}

export type SendLimited = ReturnType<typeof createSendLimited>;

interface Dependencies {
  mailer: Mailer;
  recipients: Recipients;
  maxPerRecipient: number;
  log: Logger;
}

/** Sends a mail unless its recipient has had too many within an hour. */
export const createSendLimited =
  ({ mailer, recipients, maxPerRecipient, log }: Dependencies) =>
  async (mail: Mail, { share, undo = async () => {} }: Options): Promise<void> => {
    if (await recipients.take(mail.to, Math.ceil(maxPerRecipient * shares[share])))
      return sendOrUndo(mailer, mail, undo);
    log.warn({ subject: mail.subject }, 'mail not sent: its recipient has had too many within an hour');
    await undo();
  };
