import { Schema, type Connection } from 'mongoose';
import type { DriftKind } from './drift.ts';

/** What the latest comparison of the stores has found, in one document. */
interface Reconciliation {
  _id: string;
  /** When somebody began one last, so that of several instances one does it. */
  begunAt: Date;
  endedAt: Date | null;
  counts: Partial<Record<DriftKind, number>>;
}

const schema = new Schema<Reconciliation>(
  {
    _id: { type: String, required: true },
    begunAt: { type: Date, required: true },
    endedAt: Date,
    counts: Schema.Types.Mixed,
  },
  { collection: 'reconciliations', versionKey: false, minimize: false },
);

const latest = { _id: 'latest' };

export type ReconciliationsRepository = Awaited<ReturnType<typeof reconciliationsRepository>>;

/** The one file that knows the collection. Resolves when the document exists. */
export async function reconciliationsRepository(db: Connection) {
  const reconciliations = db.model('Reconciliation', schema);
  await reconciliations.updateOne(
    latest,
    { $setOnInsert: { begunAt: new Date(0), endedAt: null, counts: {} } },
    { upsert: true },
  );
  return {
    /** Whether it is the caller's to do one, because nobody has begun one since. */
    async begin(since: Date, now: Date): Promise<boolean> {
      const { matchedCount } = await reconciliations.updateOne(
        { ...latest, begunAt: { $lte: since } },
        { $set: { begunAt: now } },
      );
      return matchedCount === 1;
    },

    async end(counts: Reconciliation['counts'], now: Date): Promise<void> {
      await reconciliations.updateOne(latest, { $set: { counts, endedAt: now } });
    },

    latest: (): Promise<Reconciliation> =>
      reconciliations.findOne(latest).lean<Reconciliation>().orFail().exec(),
  };
}
