import { Gauge, Registry } from 'prom-client';
import type { Context } from './context.ts';

/** What is to be watched: how many accounts the stores differ about, and how many changes others have not confirmed. */
export function metrics({ reconciliations, deliveries }: Pick<Context, 'reconciliations' | 'deliveries'>) {
  const registry = new Registry();
  const registers = [registry];
  const drift = new Gauge({
    name: 'account_drift',
    help: 'Accounts about which the stores differed when they were compared last, by kind',
    labelNames: ['kind'],
    registers,
  });
  const checkedAt = new Gauge({
    name: 'account_drift_checked_timestamp_seconds',
    help: 'When the stores were compared last',
    registers,
  });
  const openDeliveries = new Gauge({
    name: 'account_deliveries_open',
    help: 'Changes of accounts that other services have not confirmed',
    labelNames: ['state'],
    registers,
  });

  async function collect(): Promise<void> {
    const [{ counts, endedAt }, due, parked] = await Promise.all([
      reconciliations.latest(),
      deliveries.count(false),
      deliveries.count(true),
    ]);
    for (const [kind, count] of Object.entries(counts)) drift.set({ kind }, count);
    if (endedAt !== null) checkedAt.set(endedAt.getTime() / 1000);
    openDeliveries.set({ state: 'due' }, due);
    openDeliveries.set({ state: 'parked' }, parked);
  }

  return {
    contentType: registry.contentType,
    async metrics(): Promise<string> {
      await collect();
      return registry.metrics();
    },
  };
}
