import { Schema, type Connection } from 'mongoose';
import type { EventIntent } from './event-intents.ts';
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
  /** The events that are not in the audit trail yet, without personal data. */
  events?: EventIntent[];
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
    events: [Schema.Types.Mixed],
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

  /** Of these ids, those of erased accounts. */
  among: (ids: string[]): Promise<string[]> => idsOf(erasures, { _id: { $in: ids } }),

  erasedSince: (time: Date): Promise<string[]> => idsOf(erasures, { erasedAt: { $gt: time } }),
});

async function idsOf(erasures: ErasureModel, filter: object): Promise<string[]> {
  const found = await erasures.find(filter).select('_id').lean<{ _id: string }[]>().exec();
  return found.map(({ _id }) => _id);
}
