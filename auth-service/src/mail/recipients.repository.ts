import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Schema, type Connection } from 'mongoose';
import { hashOf, resetTokenMinutes } from './mailed-token.ts';

/** The number of mails that a mailbox has had since the first of them. It contains no address. */
interface Recipient {
  _id: string;
  mails: number;
  expiresAt: Date;
}

// Not longer than a reset token is valid: a recipient who gets no more mails has a valid link.
const windowMs = resetTokenMinutes * 60_000;

const schema = new Schema<Recipient>(
  {
    _id: { type: String, required: true },
    mails: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'mailRecipients', versionKey: false },
);

export type Recipients = ReturnType<typeof createRecipientsRepository>;

export function createRecipientsRepository(db: Connection, { clock }: { clock: () => Date }) {
  const model = db.model('MailRecipient', schema);

  async function countAnother(_id: string, max: number): Promise<boolean> {
    const unexpired = { _id, expiresAt: { $gt: clock() }, mails: { $lt: max } };
    return (await model.updateOne(unexpired, { $inc: { mails: 1 } })).matchedCount === 1;
  }

  /** False when the window of this recipient has not ended. */
  async function countFirst(_id: string): Promise<boolean> {
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

  return {
    /** Counts a mail to an email, with or without a tag (`ada+notes@…`). False, uncounted, after `max` mails. */
    async take(email: string, max: number): Promise<boolean> {
      const id = hashOf(email.replace(/(?<=.)\+[^@]*/, ''));
      return (await countAnother(id, max)) || (await countFirst(id)) || (await countAnother(id, max));
    },
  };
}
