import { atLeast, atMost } from '../measuring/goals.ts';
import type { Report } from '../measuring/report.ts';
import { median, ratios, spread } from '../measuring/rounds.ts';
import { table } from '../measuring/table.ts';
import { bareHpm, nginx, noProxy, ours } from './contestants.ts';

/** The measurement of one contestant in one round. */
export interface Sample {
  requestsPerSecond: number;
  /** Milliseconds. */
  p99: number;
  /** Of the proxy for each request, in microseconds; undefined where there is none, or no /proc. */
  processorUs: number | undefined;
}

/** The measurements of each contestant in front of one upstream, by round. */
export type Samples = Map<string, Sample[]>;

export interface Setting {
  rounds: number;
  seconds: number;
  connections: number;
}

const rate = ({ requestsPerSecond }: Sample) => requestsPerSecond;
const processor = ({ processorUs }: Sample) => processorUs ?? Number.NaN;

/** The ratio of the gateway to another contestant in each round; none if one of them took no part. */
function ratiosTo(name: string, valueOf: (sample: Sample) => number, samples: Samples): number[] {
  const [us = [], them = []] = [ours, name].map((key) => samples.get(key)?.map(valueOf));
  return ratios(us, them).filter(Number.isFinite);
}

function tableOf(upstream: string, samples: Samples): string {
  const base = median(samples.get(noProxy)!.map(rate));
  const rows = [...samples].map(([name, of]) => {
    const times = of.flatMap(({ processorUs }) => processorUs ?? []);
    return [
      name,
      spread(of.map(rate)),
      (median(of.map(rate)) / base).toFixed(2),
      median(of.map(({ p99 }) => p99)).toFixed(1),
      times.length === 0 ? '' : spread(times),
    ];
  });
  return table([`${upstream} upstream`, 'requests/s', 'of no proxy', 'p99, ms', 'CPU per request, µs'], rows);
}

export function reportOf(express: Samples, fast: Samples, { rounds, seconds, connections }: Setting): Report {
  const names = [...express.keys()];
  const barsOf = (valueOf: (sample: Sample) => number) =>
    names.map((name) => ({
      name,
      values: [express, fast].map((samples) => {
        const values = (samples.get(name) ?? []).map(valueOf).filter(Number.isFinite);
        return values.length === 0 ? undefined : median(values);
      }),
    }));
  const series = ['Express upstream', 'fast upstream'];
  return {
    title: 'The gateway beside bare proxies',
    method: `${rounds} rounds of ${seconds} s with ${connections} connections. All take turns, and another one is first in each round. Each gets ${seconds * 4} s of load before the first round, and ${seconds / 3} s before each measurement. The answer is 2 KiB of JSON.`,
    tables: [tableOf('Express', express), tableOf('fast', fast)],
    goals: [
      atMost(
        1.15,
        'CPU per request, Express upstream, against http-proxy-middleware',
        ...ratiosTo(bareHpm, processor, express),
      ),
      atLeast(0.3, 'requests/s, Express upstream, against no proxy', ...ratiosTo(noProxy, rate, express)),
      atLeast(0.08, 'requests/s, fast upstream, against nginx', ...ratiosTo(nginx, rate, fast)),
    ],
    charts: [
      { title: 'requests/s', series, rows: barsOf(rate) },
      { title: 'CPU per request, µs', series, rows: barsOf(processor) },
    ],
  };
}
