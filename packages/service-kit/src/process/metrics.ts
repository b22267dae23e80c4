import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Logger } from './logging.ts';
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

/** The metrics of one process. A gauge that fails or takes longer than `readMs` is logged and left out of the scrape. */
export function createMetrics(log: Logger, { readMs = 2_000 } = {}) {
  const registry = new Registry();
  const failing = new Set<string>();
  let observesProcess = false;

  async function textOf(name: string): Promise<string | undefined> {
    try {
      const text = await within(readMs, registry.getSingleMetricAsString(name));
      failing.delete(name);
      return text;
    } catch (error) {
      if (!failing.has(name)) log.warn({ err: error, metric: name }, 'metric left out');
      failing.add(name);
      return undefined;
    }
  }

  return {
    contentType: registry.contentType,

    /** Adds a gauge whose values are read at each scrape. */
    gauge: (options: GaugeOptions): void => registry.registerMetric(toGauge(options)),

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

    /** All metrics in Prometheus's text format. The first call starts to observe memory, CPU and event loop. */
    async text(): Promise<string> {
      if (!observesProcess) collectDefaultMetrics({ register: registry });
      observesProcess = true;
      const texts = await Promise.all(registry.getMetricsAsArray().map(({ name }) => textOf(name)));
      return `${texts.filter((text) => text !== undefined).join('\n\n')}\n`;
    },
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
