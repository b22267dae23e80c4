import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../../testing/index.ts';
import { createLogger } from './logging.ts';
import { createMetrics, type Metrics } from './metrics.ts';

const lines: Record<string, unknown>[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) });
const warnings = () =>
  lines.filter(({ msg }) => msg === 'a metric cannot be read').map(({ metric }) => metric);

let metrics: Metrics;
beforeEach(() => {
  lines.length = 0;
  metrics = createMetrics(log, { intervalMs: 20, timeoutMs: 10 });
});
afterEach(() => metrics.close());

const shows = (line: RegExp) => until(async () => line.test(await metrics.text()));

describe('a scrape', () => {
  test('shows the latest value from a database, and since when, while the database fails', async () => {
    let fails = false;
    const read = async () => {
      if (fails) throw new Error('no database');
      return [{ value: 2 }];
    };
    metrics.storedGauge({ name: 'stored', help: 'Stored.', read });
    expect(await metrics.text()).not.toMatch(/^stored /m);
    metrics.start();
    await shows(/^stored 2$/m);
    const updated = /^metric_updated_timestamp_seconds\{metric="stored"\} ([\d.]+)$/m;
    fails = true;
    await until(() => warnings().length > 0);
    const since = updated.exec(await metrics.text())?.[1];
    expect(Number(since)).toBeGreaterThan(Date.now() / 1_000 - 60);
    expect(await metrics.text()).toMatch(/^stored 2$/m);
    expect(updated.exec(await metrics.text())?.[1]).toBe(since);
    expect(warnings()).toEqual(['stored']);
    fails = false;
    await until(async () => updated.exec(await metrics.text())?.[1] !== since);
  });

  test('does not wait for a database that hangs, which is asked once', async () => {
    const hanging = Promise.withResolvers<{ value: number }[]>();
    let reads = 0;
    const read = () => {
      reads++;
      return hanging.promise;
    };
    metrics.storedGauge({ name: 'slow', help: 'Slow.', read });
    metrics.storedGauge({ name: 'good', help: 'Good.', read: async () => [{ value: 1 }] });
    metrics.start();
    await until(() => warnings().length > 0);
    const text = await metrics.text();
    expect(text).toMatch(/^good 1$/m);
    expect(text).not.toMatch(/^slow /m);
    expect(text).toContain('metric_updated_timestamp_seconds{metric="slow"} 0\n');
    expect([reads, warnings()]).toEqual([1, ['slow']]);
    hanging.resolve([{ value: 3 }]);
    await shows(/^slow 3$/m);
  });

  test('forgets labels for which a gauge has no value any more', async () => {
    let kind = 'first';
    metrics.gauge({
      name: 'things',
      help: 'Things.',
      labelNames: ['kind'],
      ofWorkers: 'sum',
      read: () => [{ labels: { kind }, value: 4 }],
    });
    expect(await metrics.text()).toContain('things{kind="first"} 4');
    kind = 'second';
    const text = await metrics.text();
    expect(text).toContain('things{kind="second"} 4');
    expect(text).not.toContain('first');
  });

  test('shows 0 for what a counter has not counted yet', async () => {
    const count = metrics.counter({
      name: 'events_total',
      help: 'Events.',
      labelNames: ['kind'],
      initial: [{ kind: 'a' }, { kind: 'b' }],
    });
    count({ kind: 'b' });
    const text = await metrics.text();
    expect(text).toContain('events_total{kind="a"} 0');
    expect(text).toContain('events_total{kind="b"} 1');
  });
});
