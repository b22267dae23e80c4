import { AggregatorRegistry } from 'prom-client';
import type { Logger } from './logging.ts';
import type { MetricsSnapshot } from './metrics.ts';
import type { Peer } from './peer.ts';
import { within } from './within.ts';

const readMs = 3_000;

/** The metrics of all workers as those of one process. Counts of a worker that has ended stay in the sums. */
export function createMetricsOfWorkers(peers: () => readonly Peer[], log: Logger) {
  const latest = new Map<Peer, MetricsSnapshot>();
  let ended: MetricsSnapshot = [];

  async function read(peer: Peer, withStored: boolean): Promise<MetricsSnapshot> {
    try {
      latest.set(peer, await within(readMs, peer.call<MetricsSnapshot>('metrics', withStored)));
    } catch (err) {
      log.warn({ err }, 'a worker has not answered: its latest metrics are used');
    }
    return (latest.get(peer) ?? []).map(withoutAverage);
  }

  return {
    /** All metrics in Prometheus's text format. The values from databases are those of one worker. */
    async text(): Promise<string> {
      const snapshots = await Promise.all(peers().map((peer, index) => read(peer, index === 0)));
      return AggregatorRegistry.aggregate([...snapshots, ended]).metrics();
    },

    /** Keeps what a worker that has ended had counted. */
    async keep(peer: Peer): Promise<void> {
      const counted = (latest.get(peer) ?? []).filter(({ type }) => counts.has(String(type)));
      latest.delete(peer);
      ended = await AggregatorRegistry.aggregate([ended, counted]).getMetricsAsJSON();
    },
  };
}

/** The event loop of the slowest worker: prom-client's average would hide it. */
const withoutAverage = (metric: MetricsSnapshot[number]): MetricsSnapshot[number] =>
  metric.aggregator === 'average' ? { ...metric, aggregator: 'max' } : metric;

const counts = new Set(['counter', 'histogram']);
