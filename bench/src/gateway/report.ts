import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { percentile } from '../percentile.ts';
import { bareHpm, nginx, noProxy, ours } from './contestants.ts';

export type Upstream = 'express' | 'fast';

/** The measurement of one contestant in one round. */
export interface Row {
  upstream: Upstream;
  round: number;
  name: string;
  requestsPerSecond: number;
  /** Milliseconds. */
  p99: number;
  /** Of the proxy for each request, in microseconds; undefined where there is none, or no /proc. */
  processorUs: number | undefined;
}

interface Goal {
  what: string;
  upstream: Upstream;
  of: (name: string, round: number, rows: Row[]) => number | undefined;
  against: string;
  isReached: (ratio: number) => boolean;
  wanted: string;
}

const rate: Goal['of'] = (name, round, rows) => find(rows, name, round)?.requestsPerSecond;
const processor: Goal['of'] = (name, round, rows) => find(rows, name, round)?.processorUs;
const find = (rows: Row[], name: string, round: number) =>
  rows.find((row) => row.name === name && row.round === round);

const atLeast = (least: number) => ({ isReached: (ratio: number) => ratio >= least, wanted: `≥ ${least}` });
const atMost = (most: number) => ({ isReached: (ratio: number) => ratio <= most, wanted: `≤ ${most}` });

const goals: Goal[] = [
  { what: 'CPU per request', upstream: 'express', of: processor, against: bareHpm, ...atMost(1.15) },
  { what: 'requests/s', upstream: 'express', of: rate, against: noProxy, ...atLeast(0.3) },
  { what: 'requests/s', upstream: 'fast', of: rate, against: nginx, ...atLeast(0.08) },
];

const median = (values: number[]) => percentile(values, 0.5);

/** The ratio of the gateway to another contestant in each round, sorted. Empty if one of them took no part. */
function ratiosOf({ of, against, upstream }: Goal, rows: Row[]): number[] {
  const mine = rows.filter((row) => row.upstream === upstream);
  const rounds = new Set(mine.map(({ round }) => round));
  return [...rounds]
    .flatMap((round) => {
      const [us, them] = [of(ours, round, mine), of(against, round, mine)];
      return us === undefined || them === undefined ? [] : [us / them];
    })
    .toSorted((a, b) => a - b);
}

function goalLine(goal: Goal, rows: Row[]): string {
  const ratios = ratiosOf(goal, rows);
  const what = `${goal.what}, ${goal.upstream} upstream, against ${goal.against}`;
  if (ratios.length === 0) return `| ${what} | ${goal.wanted} | not measured | |`;
  const ratio = median(ratios);
  const spread = `${ratios[0]!.toFixed(2)}–${ratios.at(-1)!.toFixed(2)}`;
  return `| ${what} | ${goal.wanted} | ${ratio.toFixed(2)} (${spread}) | ${goal.isReached(ratio) ? 'reached' : 'MISSED'} |`;
}

function tableOf(upstream: Upstream, rows: Row[]): string {
  const mine = rows.filter((row) => row.upstream === upstream);
  const names = [...new Set(mine.toSorted((a, b) => a.round - b.round).map(({ name }) => name))];
  const rates = (name: string) =>
    mine.filter((row) => row.name === name).map(({ requestsPerSecond }) => requestsPerSecond);
  const lines = names.map((name) => {
    const own = mine.filter((row) => row.name === name);
    const times = own.flatMap(({ processorUs }) => processorUs ?? []);
    const [low, high] = [Math.min(...rates(name)), Math.max(...rates(name))];
    return `| ${[
      name,
      `${median(rates(name)).toFixed(0)} (${low.toFixed(0)}–${high.toFixed(0)})`,
      (median(rates(name)) / median(rates(noProxy))).toFixed(2),
      median(own.map(({ p99 }) => p99)).toFixed(1),
      times.length === 0 ? '' : median(times).toFixed(0),
    ].join(' | ')} |`;
  });
  return [
    `| ${upstream} upstream | requests/s (spread) | of no proxy | p99, ms | CPU per request, µs |`,
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

interface Setting {
  rounds: number;
  seconds: number;
  connections: number;
}

/** Prints the medians and the goals, and writes them to `results/gateway.md`. A missed goal is no error. */
export function printResults(rows: Row[], { rounds, seconds, connections }: Setting): void {
  const [core] = cpus();
  const machine = `${cpus().length} cores (${core?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB of memory, Node ${process.version}`;
  const tables = `${tableOf('express', rows)}\n\n${tableOf('fast', rows)}`;
  const reached = `| ratio of the gateway, median of the rounds | goal | measured (spread) | |\n| --- | --- | --- | --- |\n${goals.map((goal) => goalLine(goal, rows)).join('\n')}`;
  console.log(`${tables}\n\n${reached}`);
  writeFileSync(
    new URL('../../results/gateway.md', import.meta.url),
    `# The gateway beside bare proxies

Written by \`npm run bench -- gateway\`: ${rounds} rounds of ${seconds} s with ${connections} connections. All take turns, and another one is first in each round. The answer is 2 KiB of JSON.

The machine: ${machine}.

${tables}

${reached}
`,
  );
}
