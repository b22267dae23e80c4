import type { monitorEventLoopDelay } from 'node:perf_hooks';
import { toleratedMs, type Results, type Target, type User } from './results.ts';

type Lateness = ReturnType<typeof monitorEventLoopDelay>;

/** The measurements of one run. `took` contains the response times in ms. */
export interface Measured {
  results: Results;
  targets: Target[];
  users: User[];
  deactivateEveryMs: number;
  loadPerSecond: number;
  seconds: number;
  took: Record<'load' | 'probes' | 'deactivations', number[]>;
  lateness: Lateness;
}

/** Prints the measurements and every fault. */
export function printReport({ results, targets, users, took, seconds, ...run }: Measured): void {
  const deactivated = users.filter(({ revocation }) => revocation !== undefined);
  const services = new Set(targets.map(({ service }) => service));
  const acceptedFor = (service: string) => {
    const instances = targets.filter((target) => target.service === service);
    return deactivated.flatMap((user) => instances.map((instance) => results.acceptedFor(user, instance)));
  };
  const anywhere = deactivated.map((user) =>
    Math.max(...targets.map((target) => results.acceptedFor(user, target))),
  );
  const rate = ({ length }: unknown[]) => `${Math.round(length / seconds)} requests/s`;
  console.log(`
Two instances each of auth-, user- and notes-service on one MongoDB and one PostgreSQL, for ${seconds.toFixed(0)} s.
${users.length} users with tokens in use; ${deactivated.length} were deactivated, one every ${run.deactivateEveryMs} ms.
Load: ${rate(took.load)} of ${run.loadPerSecond} planned, and ${rate(took.probes)} that probed the revoked tokens.

${line('ms', ['p50', 'p99', 'max'])}
Accepted after the deactivation was confirmed, by
${[...services].map((service) => row(`  ${service}`, acceptedFor(service))).join('\n')}
${row('  any instance', anywhere)}
Response time
${row('  of a deactivation', took.deactivations)}
${row('  of a request of the load', took.load)}
${row('  of a probe', took.probes)}
${line('Lateness of this program', [50, 99, 100].map(lateBy(run.lateness)))}
`);
  for (const [sentence, times] of results.faults) console.log(`FAULT, ${times} times: ${sentence}`);
  if (results.faults.size === 0)
    console.log(
      `Every answer was 200 or 401: no token was refused before its revocation or accepted ${toleratedMs} ms after it.`,
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

/** The percentile of some values, by nearest rank. */
function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
