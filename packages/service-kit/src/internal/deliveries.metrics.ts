import type { Metrics } from '../process/metrics.ts';

/** Pending deliveries, or only those that are parked or are not. */
interface CountedDeliveries {
  count(isParked: boolean | undefined): Promise<number>;
  /** The time of the oldest one; undefined when there is none. */
  oldest(isParked: boolean | undefined): Promise<Date | undefined>;
}

/**
 * Adds the gauges `<noun>_deliveries_open`, the pending deliveries by state, `due` or `parked`, and
 * `<noun>_deliveries_oldest_seconds`, the age of the oldest one of a state, 0 if there is none.
 */
export function deliveriesMetrics(
  metrics: Metrics,
  {
    noun,
    help = 'Changes that another service has not confirmed',
    deliveries,
    clock,
  }: { noun: string; help?: string; deliveries: CountedDeliveries; clock: () => Date },
): void {
  const byState = (read: (isParked: boolean) => Promise<number>) => async () => {
    const [due, parked] = await Promise.all([read(false), read(true)]);
    return [
      { labels: { state: 'due' }, value: due },
      { labels: { state: 'parked' }, value: parked },
    ];
  };
  metrics.storedGauge({
    name: `${noun}_deliveries_open`,
    help,
    labelNames: ['state'],
    read: byState((isParked) => deliveries.count(isParked)),
  });
  metrics.storedGauge({
    name: `${noun}_deliveries_oldest_seconds`,
    help: `${help}: the age of the oldest one`,
    labelNames: ['state'],
    read: byState(async (isParked) => {
      const oldest = await deliveries.oldest(isParked);
      return oldest === undefined ? 0 : (clock().getTime() - oldest.getTime()) / 1_000;
    }),
  });
}
