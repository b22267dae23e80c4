import type { monitorEventLoopDelay } from 'node:perf_hooks';
import { toleratedMs, type Results, type Target, type User } from './results.ts';

type Lateness = ReturnType<typeof monitorEventLoopDelay>;

/** What one run has measured; `took` has how long answers took, in ms. */
export interface Measured {
  results: Results;
  targets: Target[];
  users: User[];
  cutEveryMs: number;
  loadPerSecond: number;
  seconds: number;
  took: Record<'load' | 'probes' | 'cuts', number[]>;
  lateness: Lateness;
}

/** Prints what was measured, and every fault. */
export function printReport({ results, targets, users, took, seconds, ...run }: Measured): void {
  const cutOff = users.filter(({ cut }) => cut !== undefined);
  const services = new Set(targets.map(({ service }) => service));
  const acceptedFor = (service: string) => {
    const instances = targets.filter((target) => target.service === service);
    return cutOff.flatMap((user) => instances.map((instance) => results.acceptedFor(user, instance)));
  };
  const anywhere = cutOff.map((user) =>
    Math.max(...targets.map((target) => results.acceptedFor(user, target))),
  );
  const rate = ({ length }: unknown[]) => `${Math.round(length / seconds)} requests/s`;
  console.log(`
Two instances each of auth-, user- and notes-service on one MongoDB and one PostgreSQL, for ${seconds.toFixed(0)} s.
${users.length} users with tokens in use; ${cutOff.length} were switched off, one every ${run.cutEveryMs} ms.
Load: ${rate(took.load)} of ${run.loadPerSecond} wanted, and ${rate(took.probes)} that tried the tokens being cut off.

${line('ms', ['p50', 'p99', 'max'])}
Accepted after the cut was confirmed, by
${[...services].map((service) => row(`  ${service}`, acceptedFor(service))).join('\n')}
${row('  any instance', anywhere)}
Time until the answer
${row('  to switching an account off', took.cuts)}
${row('  to a request of the load', took.load)}
${row('  to one that tried a token', took.probes)}
${line('This program itself was late by', [50, 99, 100].map(lateBy(run.lateness)))}
`);
  for (const [sentence, times] of results.faults) console.log(`FAULT, ${times} times: ${sentence}`);
  if (results.faults.size === 0)
    console.log(
      `Every answer was 200 or 401: no token was refused before its cut, or accepted ${toleratedMs} ms after it.`,
    );
}

const line = (name: string, columns: string[]): string =>
  name.padEnd(40) + columns.map((column) => column.padStart(8)).join('');

const row = (name: string, values: number[]): string =>
  line(
    name,
    [0.5, 0.99, 1].map((share) => percentile(values, share).toFixed(0)),
  );

const lateBy = (lateness: Lateness) => (percent: number) => (lateness.percentile(percent) / 1e6).toFixed(0);

/** The value that this share of all values does not exceed, by nearest rank. */
function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
