import type { Metrics } from '@polyglot-notes/service-kit';
import { driftKinds } from './drift.ts';
import type { ReconciliationsRepository } from './reconciliations.repository.ts';

/** Adds the gauges of the latest comparison of the stores. */
export function driftMetrics(
  metrics: Metrics,
  { reconciliations }: { reconciliations: Pick<ReconciliationsRepository, 'latest'> },
): void {
  metrics.storedGauge({
    name: 'account_drift',
    help: 'Accounts about which the stores differed in the latest comparison, by kind',
    labelNames: ['kind'],
    async read() {
      const { counts } = await reconciliations.latest();
      return driftKinds.map((kind) => ({ labels: { kind }, value: counts[kind] ?? 0 }));
    },
  });
  metrics.storedGauge({
    name: 'account_drift_checked_timestamp_seconds',
    help: 'When the latest comparison of the stores ended',
    async read() {
      const { endedAt } = await reconciliations.latest();
      return endedAt === null ? [] : [{ value: endedAt.getTime() / 1000 }];
    },
  });
}
