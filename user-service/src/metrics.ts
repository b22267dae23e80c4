import type { Metrics } from '@polyglot-notes/service-kit';
import type { Context } from './context.ts';

/** Adds the gauges of this service: accounts that differ between the stores, and pending deliveries. */
export function accountMetrics(
  metrics: Metrics,
  { reconciliations, deliveries }: Pick<Context, 'reconciliations' | 'deliveries'>,
): void {
  metrics.gauge({
    name: 'account_drift',
    help: 'Accounts about which the stores differed when they were compared last, by kind',
    labelNames: ['kind'],
    async read() {
      const { counts } = await reconciliations.latest();
      return Object.entries(counts).map(([kind, value]) => ({ labels: { kind }, value }));
    },
  });
  metrics.gauge({
    name: 'account_drift_checked_timestamp_seconds',
    help: 'When the stores were compared last',
    async read() {
      const { endedAt } = await reconciliations.latest();
      return endedAt === null ? [] : [{ value: endedAt.getTime() / 1000 }];
    },
  });
  metrics.gauge({
    name: 'account_deliveries_open',
    help: 'Changes of accounts that other services have not confirmed',
    labelNames: ['state'],
    async read() {
      const [due, parked] = await Promise.all([deliveries.count(false), deliveries.count(true)]);
      return [
        { labels: { state: 'due' }, value: due },
        { labels: { state: 'parked' }, value: parked },
      ];
    },
  });
}
