import type { monitorEventLoopDelay } from 'node:perf_hooks';
import { percentile } from './measuring/percentile.ts';
import { toleratedMs, type Results, type Target, type User } from './results.ts';
import type { WayToRevoke } from './ways-to-revoke.ts';

type Lateness = ReturnType<typeof monitorEventLoopDelay>;

/** The measurements of one run. `took` contains the response times in ms. */
export interface Measured {
  results: Results;
  targets: Target[];
  users: User[];
  revokeEveryMs: number;
  loadPerSecond: number;
  seconds: number;
  took: Record<'load' | 'probes', number[]>;
  /** Which users' tokens were revoked in each way, and the response times. */
  revoked: { way: WayToRevoke; users: User[]; took: number[] }[];
  lateness: Lateness;
}

/** Prints the measurements and every fault. */
export function printReport({ results, users, took, seconds, ...run }: Measured): void {
  const rate = ({ length }: unknown[]) => `${Math.round(length / seconds)} requests/s`;
  console.log(`
Two instances each of auth-, user- and notes-service on one MongoDB and one PostgreSQL, for ${seconds.toFixed(0)} s.
${users.length} users with two sessions; tokens were revoked every ${run.revokeEveryMs} ms.
Load: ${rate(took.load)} of ${run.loadPerSecond} planned, and ${rate(took.probes)} that probed the revoked tokens.

${line('ms', ['p50', 'p99', 'max'])}
${run.revoked.map((revoked) => rowsOf(revoked, { results, ...run })).join('\n')}
Response time
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

function rowsOf(
  { way, users, took }: Measured['revoked'][number],
  { results, targets }: Pick<Measured, 'results' | 'targets'>,
): string {
  const services = new Set(targets.map(({ service }) => service));
  const acceptedAt = (user: User, target: Target) =>
    Math.max(...way.revokes(user).map((session) => results.acceptedFor(session, target)));
  const acceptedBy = (service: string) =>
    users.flatMap((user) =>
      targets.filter((target) => target.service === service).map((target) => acceptedAt(user, target)),
    );
  return [
    `After ${users.length} × ${way.name}, accepted by`,
    ...[...services].map((service) => row(`  ${service}`, acceptedBy(service))),
    row('  response time of the revocation', took),
  ].join('\n');
}

const line = (name: string, columns: string[]): string =>
  name.padEnd(40) + columns.map((column) => column.padStart(8)).join('');

const row = (name: string, values: number[]): string =>
  line(
    name,
    [0.5, 0.99, 1].map((share) => percentile(values, share).toFixed(0)),
  );

const lateBy = (lateness: Lateness) => (percent: number) => (lateness.percentile(percent) / 1e6).toFixed(0);
