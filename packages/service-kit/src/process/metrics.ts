import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Logger } from './logging.ts';
import { primary } from './primary.ts';
import { singleFlight } from './single-flight.ts';
import { within } from './within.ts';

type Labels = Record<string, string | number>;

interface Sample {
  labels?: Labels;
  value: number;
}

interface MetricOptions {
  name: string;
  help: string;
  labelNames?: readonly string[];
}

interface CounterOptions extends MetricOptions {
  /** The combinations of labels that are 0 before they are counted. */
  initial: readonly Labels[];
}

interface GaugeOptions extends MetricOptions {
  /** How the values of several workers become one. */
  ofWorkers: 'sum' | 'max';
  /** Reads the values from memory, at each scrape. */
  read: () => readonly Sample[];
}

interface StoredGaugeOptions extends MetricOptions {
  read: () => Promise<readonly Sample[]>;
}

interface HistogramOptions extends MetricOptions {
  buckets: readonly number[];
}

export type Metrics = ReturnType<typeof createMetrics>;

/** The values of metrics at one time, as JSON. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * The metrics of one process. A scrape reads memory alone. Values from a database are read in the background, every
 * `intervalMs` and for `timeoutMs` at most, and a scrape shows the latest ones.
 */
export function createMetrics(log: Logger, { intervalMs = 10_000, timeoutMs = 5_000 } = {}) {
  const registry = new Registry();
  const registers = [registry];
  const stored: StoredGauge[] = [];
  const updatedAt = new Gauge({
    name: 'metric_updated_timestamp_seconds',
    help: 'When a metric was last read from a database, or 0.',
    labelNames: ['metric'],
    registers,
  });
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function update(gauge: StoredGauge): Promise<void> {
    try {
      replaceSamples(gauge.metric, await within(timeoutMs, gauge.read()));
      updatedAt.set({ metric: gauge.name }, Date.now() / 1_000);
      gauge.isFailing = false;
    } catch (err) {
      if (isClosed) return;
      if (!gauge.isFailing) log.warn({ err, metric: gauge.name }, 'a metric cannot be read');
      gauge.isFailing = true;
    }
  }

  /** All metrics of this process, or without those that are the same in all workers. */
  async function snapshot(withStored: boolean): Promise<MetricsSnapshot> {
    const all = await registry.getMetricsAsJSON();
    const left = new Set(withStored ? [] : ['metric_updated_timestamp_seconds', ...stored.map(nameOf)]);
    return all.filter(({ name }) => !left.has(name));
  }
  primary()?.answer('metrics', (withStored) => snapshot(withStored === true));

  return {
    /** Adds a histogram and returns the function that records a value. */
    histogram({ buckets, labelNames = [], ...options }: HistogramOptions) {
      const histogram = new Histogram({ ...options, labelNames, buckets: [...buckets], registers });
      return (labels: Labels, value: number): void => histogram.observe(labels, value);
    },

    /** Adds a counter and returns the function that counts one event. */
    counter({ initial, labelNames = [], ...options }: CounterOptions) {
      const counter = new Counter({ ...options, labelNames, registers });
      for (const labels of initial) counter.inc(labels, 0);
      return (labels: Labels): void => counter.inc(labels);
    },

    /** Adds a gauge whose values are in memory. */
    gauge({ ofWorkers, read, labelNames = [], ...options }: GaugeOptions): void {
      registry.registerMetric(
        new Gauge({
          ...options,
          labelNames,
          aggregator: ofWorkers,
          registers: [],
          collect() {
            replaceSamples(this, read());
          },
        }),
      );
    },

    /** Adds a gauge whose values are in a database, and so are the same in all workers. */
    storedGauge({ read, labelNames = [], ...options }: StoredGaugeOptions): void {
      const metric = new Gauge({ ...options, labelNames, registers });
      replaceSamples(metric, []);
      updatedAt.set({ metric: options.name }, 0);
      // A read may outlive the wait for it.
      stored.push({ name: options.name, metric, read: singleFlight(read), isFailing: false });
    },

    /** Starts to observe memory, CPU and event loop, and to read the values from databases. */
    start(): void {
      collectDefaultMetrics({ register: registry });
      const updateAll = () => stored.forEach((gauge) => void update(gauge));
      updateAll();
      timer = setInterval(updateAll, intervalMs).unref();
    },

    /** All metrics of this process in Prometheus's text format. */
    text: (): Promise<string> => registry.metrics(),

    close(): void {
      isClosed = true;
      clearInterval(timer);
    },
  };
}

interface StoredGauge {
  name: string;
  metric: Gauge;
  read: () => Promise<readonly Sample[]>;
  isFailing: boolean;
}

const nameOf = ({ name }: { name: string }) => name;

function replaceSamples(gauge: Gauge, samples: readonly Sample[]): void {
  gauge.reset();
  // Without labels, the reset sets it to 0.
  gauge.remove({});
  for (const { labels = {}, value } of samples) gauge.set(labels, value);
}
