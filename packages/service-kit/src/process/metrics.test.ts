import { beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger } from './logging.ts';
import { createMetrics, type Metrics } from './metrics.ts';

const lines: Record<string, unknown>[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) });
const warnings = () => lines.filter(({ msg }) => msg === 'metric left out').map(({ metric }) => metric);

let metrics: Metrics;
beforeEach(() => {
  lines.length = 0;
  metrics = createMetrics(log, { readMs: 50 });
  metrics.gauge({ name: 'good', help: 'Good.', read: async () => [{ value: 1 }] });
});

describe('the metrics of a process', () => {
  test('leave out a gauge that fails, and log it once', async () => {
    let fails = true;
    const read = async () => {
      if (fails) throw new Error('no database');
      return [{ value: 2 }];
    };
    metrics.gauge({ name: 'bad', help: 'Bad.', read });
    for (let scrape = 0; scrape < 2; scrape++) {
      const text = await metrics.text();
      expect(text).toMatch(/^good 1$/m);
      expect(text).not.toContain('bad');
    }
    expect(warnings()).toEqual(['bad']);
    fails = false;
    expect(await metrics.text()).toMatch(/^bad 2$/m);
  });

  test('leave out a gauge that hangs, and read it once for all scrapes', async () => {
    const hanging = Promise.withResolvers<{ value: number }[]>();
    let reads = 0;
    const read = () => {
      reads++;
      return hanging.promise;
    };
    metrics.gauge({ name: 'slow', help: 'Slow.', read });
    const texts = [await metrics.text(), await metrics.text()];
    expect(texts.map((text) => /^good 1$/m.test(text))).toEqual([true, true]);
    expect(texts.join('')).not.toContain('slow');
    expect([reads, warnings()]).toEqual([1, ['slow']]);
    hanging.resolve([{ value: 3 }]);
    expect(await metrics.text()).toMatch(/^slow 3$/m);
  });

  test('forget labels that a gauge has no value for any more', async () => {
    let kind = 'first';
    metrics.gauge({
      name: 'things',
      help: 'Things.',
      labelNames: ['kind'],
      read: async () => [{ labels: { kind }, value: 4 }],
    });
    expect(await metrics.text()).toContain('things{kind="first"} 4');
    kind = 'second';
    const text = await metrics.text();
    expect(text).toContain('things{kind="second"} 4');
    expect(text).not.toContain('first');
  });

  test('include memory, CPU and event loop of the process', async () => {
    const text = await metrics.text();
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds \d/m);
  });
});
