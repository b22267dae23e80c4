import { Schema, type Connection } from 'mongoose';
import { comesAfter, type FeedPosition } from './cut-place.ts';

/** What is left of an erased account: that there was one, and how much of it was removed. Nothing personal. */
interface Erasure {
  _id: string;
  credentials: number;
  erasedAt: Date;
  /** The same, by the clock of the database. */
  revokedAt: Date;
}

const keptSeconds = 30 * 24 * 60 * 60;

const schema = new Schema<Erasure>(
  {
    _id: { type: String, required: true },
    credentials: { type: Number, required: true },
    erasedAt: { type: Date, required: true },
    revokedAt: Date,
  },
  { collection: 'erasures', versionKey: false },
);
schema.index({ revokedAt: 1, _id: 1 });
schema.index({ erasedAt: 1 }, { expireAfterSeconds: keptSeconds });

export type ErasuresRepository = Awaited<ReturnType<typeof erasuresRepository>>;

/** The one file that knows the collection. Resolves when its indexes stand. */
export async function erasuresRepository(db: Connection) {
  const erasures = db.model('Erasure', schema);
  await erasures.createIndexes();
  return {
    /** Notes an erasure, the first time that it is asked for; gives back what was noted then. */
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

    /** Those erased after a place in the feed, in its order. */
    since: (place: FeedPosition, limit: number): Promise<Erasure[]> =>
      erasures.find(comesAfter(place)).sort({ revokedAt: 1, _id: 1 }).limit(limit).lean<Erasure[]>().exec(),
  };
}
