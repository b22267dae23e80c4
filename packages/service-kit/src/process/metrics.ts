import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Logger } from './logging.ts';
import { primary } from './primary.ts';
import { within } from './within.ts';

type Labels = Record<string, string | number>;

interface GaugeOptions {
  name: string;
  help: string;
  labelNames?: readonly string[];
  read: () => Promise<readonly { labels?: Labels; value: number }[]>;
}

interface HistogramOptions {
  name: string;
  help: string;
  labelNames: readonly string[];
  buckets: readonly number[];
}

export type Metrics = ReturnType<typeof createMetrics>;

/** The values of metrics at one time, as JSON. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/**
 * The metrics of one process, or of all workers of the service. A gauge that fails or takes longer than `readMs` is
 * logged and left out of the scrape.
 */
export function createMetrics(log: Logger, { readMs = 2_000 } = {}) {
  const registry = new Registry();
  const readAll = createReadAll(registry, { readMs, log });
  const shared = new Set<string>();
  const snapshot = (readsShared: boolean): Promise<MetricsSnapshot> =>
    readAll(
      async (name) => registry.getSingleMetric(name)!.get(),
      (name) => readsShared || !shared.has(name),
    );
  primary()?.answer('metrics', (readsShared) => snapshot(readsShared === true));

  return {
    contentType: registry.contentType,

    /** Adds a gauge whose values are read at each scrape, and are the same in all workers. */
    gauge(options: GaugeOptions): void {
      registry.registerMetric(toGauge(options));
      shared.add(options.name);
    },

    /** Adds a histogram and returns the function that records a value. */
    histogram({
      name,
      help,
      labelNames,
      buckets,
    }: HistogramOptions): (labels: Labels, value: number) => void {
      const registers = [registry];
      const histogram = new Histogram({ name, help, labelNames, buckets: [...buckets], registers });
      return (labels, value) => histogram.observe(labels, value);
    },

    /** All metrics in Prometheus's text format: those of all workers. */
    async text(): Promise<string> {
      const all = primary();
      if (all !== undefined) return all.call<string>('metrics');
      return `${(await readAll((name) => registry.getSingleMetricAsString(name))).join('\n\n')}\n`;
    },
  };
}

/** Creates a function that reads each metric on its own. Its first call starts to observe memory, CPU and event loop. */
function createReadAll(registry: Registry, { readMs, log }: { readMs: number; log: Logger }) {
  const failing = new Set<string>();
  let observesProcess = false;

  async function attempt<Result>(name: string, read: Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await within(readMs, read);
      failing.delete(name);
      return result;
    } catch (error) {
      if (!failing.has(name)) log.warn({ err: error, metric: name }, 'metric left out');
      failing.add(name);
      return undefined;
    }
  }

  return async <Result>(
    read: (name: string) => Promise<Result>,
    isWanted = (_name: string) => true,
  ): Promise<Result[]> => {
    if (!observesProcess) collectDefaultMetrics({ register: registry });
    observesProcess = true;
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    const results = await Promise.all(names.filter(isWanted).map((name) => attempt(name, read(name))));
    return results.filter((result) => result !== undefined);
  };
}

function toGauge({ name, help, labelNames = [], read }: GaugeOptions): Gauge {
  let reading: ReturnType<typeof read> | undefined;
  return new Gauge({
    name,
    help,
    labelNames,
    registers: [],
    async collect() {
      // Scrapes share a slow read.
      reading ??= read().finally(() => {
        reading = undefined;
      });
      const values = await reading;
      this.reset();
      for (const { labels = {}, value } of values) this.set(labels, value);
    },
  });
}
