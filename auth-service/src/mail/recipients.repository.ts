import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Schema, type Connection } from 'mongoose';
import { hashOf, resetTokenMinutes } from './mailed-token.ts';

/** The number of mails that a mailbox has had since the first of them. It contains no address. */
interface Recipient {
  _id: string;
  mails: number;
  expiresAt: Date;
}

/** A share can use up only its own part: the rest of the mails to an address is kept for the larger shares. */
const shares = { ofConfirmedAccount: 1, ofUnconfirmedAccount: 0.75, ofOthers: 0.5 } as const;

export type Share = keyof typeof shares;

// Not longer than a reset token is valid: a recipient who gets no more mails has a valid link.
const mailsWindowMs = resetTokenMinutes * 60_000;
const changesWindowMs = 60 * 60_000;
const maxChanges = 5;

const schema = new Schema<Recipient>(
  {
    _id: { type: String, required: true },
    mails: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'mailRecipients', versionKey: false },
);

export type Recipients = ReturnType<typeof createRecipientsRepository>;

interface Options {
  maxPerRecipient: number;
  clock: () => Date;
}

/** How many mails an address has had, and how many changes of email an account has requested. */
export function createRecipientsRepository(db: Connection, { maxPerRecipient, clock }: Options) {
  const model = db.model('MailRecipient', schema);

  async function countAnother(_id: string, max: number): Promise<boolean> {
    const unexpired = { _id, expiresAt: { $gt: clock() }, mails: { $lt: max } };
    return (await model.updateOne(unexpired, { $inc: { mails: 1 } })).matchedCount === 1;
  }

  /** False when the window of this recipient has not ended. */
  async function countFirst(_id: string, windowMs: number): Promise<boolean> {
    const now = clock();
    const first = { mails: 1, expiresAt: new Date(now.getTime() + windowMs) };
    try {
      await model.updateOne({ _id, expiresAt: { $lte: now } }, { $set: first }, { upsert: true });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  const count = async (id: string, max: number, windowMs: number) =>
    (await countAnother(id, max)) || (await countFirst(id, windowMs)) || (await countAnother(id, max));

  return {
    /** Counts a mail to an email, with or without a tag (`ada+notes@…`). False, uncounted, after as many as the share has. */
    take: (email: string, share: Share) =>
      count(mailboxOf(email), Math.ceil(maxPerRecipient * shares[share]), mailsWindowMs),

    /** Uncounts a mail that was not sent. */
    async giveBack(email: string): Promise<void> {
      const counted = { _id: mailboxOf(email), expiresAt: { $gt: clock() }, mails: { $gt: 0 } };
      await model.updateOne(counted, { $inc: { mails: -1 } });
    },

    /** When mails to an email are counted anew. */
    async windowEnd(email: string): Promise<Date> {
      const counted = await model.findById(mailboxOf(email)).lean<Recipient>().exec();
      return counted?.expiresAt ?? clock();
    },

    /** Counts a requested change of email. False, uncounted, after five within an hour. */
    takeChange: (accountId: string) => count(hashOf(accountId), maxChanges, changesWindowMs),
  };
}

const mailboxOf = (email: string) => hashOf(email.replace(/(?<=.)\+[^@]*/, ''));
