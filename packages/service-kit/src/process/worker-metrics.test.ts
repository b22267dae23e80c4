import { expect, test } from '@jest/globals';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createLogger } from './logging.ts';
import type { Peer } from './peer.ts';
import { createMetricsOfWorkers } from './worker-metrics.ts';

const log = createLogger('test', 'info', { write: () => {} });

/** A worker with prom-client's metrics of a process, of which its event loop has these values. */
async function workerWithLag(seconds: number): Promise<Peer> {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const snapshot = await register.getMetricsAsJSON();
  const withLag = snapshot.map((metric) =>
    metric.name.startsWith('nodejs_eventloop_lag_')
      ? { ...metric, values: [{ value: seconds, labels: {} }] }
      : metric,
  );
  return { call: async () => withLag as never, answer() {}, receive() {} };
}

test('the lag of the event loop is that of the slowest worker', async () => {
  const peers = [await workerWithLag(0.01), await workerWithLag(0.9), await workerWithLag(0.02)];
  const text = await createMetricsOfWorkers(() => peers, log).text();
  const values = Object.fromEntries(
    [...text.matchAll(/^nodejs_eventloop_lag_(\w+) (\S+)$/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ]),
  );
  expect(values).toEqual({
    seconds: 0.9,
    mean_seconds: 0.9,
    stddev_seconds: 0.9,
    p50_seconds: 0.9,
    p90_seconds: 0.9,
    p99_seconds: 0.9,
    max_seconds: 0.9,
    min_seconds: 0.01,
  });
});
