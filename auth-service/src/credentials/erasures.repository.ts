import { Schema, type Connection } from 'mongoose';
import type { MailIntent } from './mail-intents.ts';

/** The tombstone of a hard-deleted account. It contains nothing personal, once the notice of the deletion is sent. */
export interface Erasure {
  _id: string;
  credentials: number;
  /** The number of live sessions that ended. */
  sessions?: number;
  erasedAt: Date;
  /** The same time by the clock of the database. */
  revokedAt: Date;
  mails?: MailIntent[];
}

export const collectionName = 'erasures';

const schema = new Schema<Erasure>(
  {
    _id: { type: String, required: true },
    credentials: { type: Number, required: true },
    sessions: Number,
    erasedAt: { type: Date, required: true },
    revokedAt: Date,
    mails: [Schema.Types.Mixed],
  },
  { collection: collectionName, versionKey: false },
);

export type ErasureModel = ReturnType<typeof createErasureModel>;

export const createErasureModel = (db: Connection) => db.model('Erasure', schema);

export type ErasuresRepository = ReturnType<typeof createErasuresRepository>;

export const createErasuresRepository = (erasures: ErasureModel) => ({
  /** Records an erasure once, and returns the first record. */
  record: (erasure: Omit<Erasure, 'revokedAt'>): Promise<Erasure> =>
    erasures
      .findOneAndUpdate(
        { _id: erasure._id },
        { $setOnInsert: erasure, $currentDate: { revokedAt: true } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<Erasure>()
      .orFail()
      .exec(),

  has: async (id: string): Promise<boolean> => (await erasures.exists({ _id: id })) !== null,
});
