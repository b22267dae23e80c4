import { Schema, type Connection } from 'mongoose';
import type { DriftKind } from './drift.ts';

/** The latest comparison of the stores, in one document. */
interface Reconciliation {
  _id: string;
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

export type ReconciliationsRepository = ReturnType<typeof createReconciliationsRepository>;

export function createReconciliationsRepository(db: Connection, { clock }: { clock: () => Date }) {
  const reconciliations = db.model('Reconciliation', schema);
  return {
    async begin(intervalMs: number): Promise<boolean> {
      const now = clock();
      const { matchedCount } = await reconciliations.updateOne(
        { ...latest, begunAt: { $lte: new Date(now.getTime() - intervalMs) } },
        { $set: { begunAt: now } },
      );
      return matchedCount === 1;
    },

    async end(counts: Reconciliation['counts']): Promise<void> {
      await reconciliations.updateOne(latest, { $set: { counts, endedAt: clock() } });
    },

    latest: (): Promise<Reconciliation> =>
      reconciliations.findOne(latest).lean<Reconciliation>().orFail().exec(),
  };
}
