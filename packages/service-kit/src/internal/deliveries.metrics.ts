import type { Metrics } from '../process/metrics.ts';
import type { PendingDeliveries } from './deliveries.routes.ts';

/** Adds the gauge `<noun>_deliveries_open`: the pending deliveries by state, `due` or `parked`. */
export function deliveriesMetrics(
  metrics: Metrics,
  {
    noun,
    help = 'Changes that another service has not confirmed',
    deliveries,
  }: { noun: string; help?: string; deliveries: Pick<PendingDeliveries, 'count'> },
): void {
  metrics.gauge({
    name: `${noun}_deliveries_open`,
    help,
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
