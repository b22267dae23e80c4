import type { Metrics } from '@polyglot-notes/service-kit';
import type { Pool } from 'pg';

/**
 * Adds the gauges of the connections to PostgreSQL, and of the statements that wait for one, by what the connections are for.
 * Returns a function that names what a pool is for.
 */
export function connectionMetrics(metrics: Metrics): (purpose: string) => (pool: Pool) => void {
  const pools: { purpose: string; pool: Pool }[] = [];
  const sumBy = (read: (pool: Pool) => number) => () => {
    const sums = new Map<string, number>();
    for (const { purpose, pool } of pools) sums.set(purpose, (sums.get(purpose) ?? 0) + read(pool));
    return [...sums].map(([purpose, value]) => ({ labels: { purpose }, value }));
  };
  const shared = { labelNames: ['purpose'], ofWorkers: 'sum' as const };
  metrics.gauge({
    ...shared,
    name: 'postgresql_connections',
    help: 'Open connections to PostgreSQL',
    read: sumBy(({ totalCount }) => totalCount),
  });
  metrics.gauge({
    ...shared,
    name: 'postgresql_connections_idle',
    help: 'Open connections to PostgreSQL that are not in use',
    read: sumBy(({ idleCount }) => idleCount),
  });
  metrics.gauge({
    ...shared,
    name: 'postgresql_connections_waited_for',
    help: 'Statements and transactions that wait for a connection to PostgreSQL',
    read: sumBy(({ waitingCount }) => waitingCount),
  });
  return (purpose) => (pool) => void pools.push({ purpose, pool });
}
