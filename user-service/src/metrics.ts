import { Gauge, Registry } from 'prom-client';
import type { Context } from './context.ts';

/** What is to be watched: how many accounts the stores differ about, and how many changes others have not confirmed. */
export function metrics({ reconciliations, deliveries }: Pick<Context, 'reconciliations' | 'deliveries'>) {
  const registry = new Registry();
  const registers = [registry];
  void [
    new Gauge({
      name: 'account_drift',
      help: 'Accounts about which the stores differed when they were compared last, by kind',
      labelNames: ['kind'],
      registers,
      async collect() {
        const { counts } = await reconciliations.latest();
        for (const [kind, count] of Object.entries(counts)) this.set({ kind }, count);
      },
    }),
    new Gauge({
      name: 'account_drift_checked_timestamp_seconds',
      help: 'When the stores were compared last',
      registers,
      async collect() {
        const { endedAt } = await reconciliations.latest();
        if (endedAt !== null) this.set(endedAt.getTime() / 1000);
      },
    }),
    new Gauge({
      name: 'account_deliveries_open',
      help: 'Changes of accounts that other services have not confirmed',
      labelNames: ['state'],
      registers,
      async collect() {
        this.set({ state: 'due' }, await deliveries.count(false));
        this.set({ state: 'parked' }, await deliveries.count(true));
      },
    }),
  ];
  return registry;
}
