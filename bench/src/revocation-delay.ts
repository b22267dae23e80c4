// npm run bench: measures how long a token is accepted after the deactivation of its account. See ../README.md.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  startTestSystem,
  stopTestDatabases,
  testDatabases,
  type TestSystem,
} from '@polyglot-notes/local-stack/testing';
import { logInAdmin, registerUsers } from './people.ts';
import { printReport, type Measured } from './report.ts';
import { at, send } from './requests.ts';
import { createResults, toleratedMs, type Target, type User } from './results.ts';

const usersToDeactivate = 200;
// The tokens of the other users stay valid until the end.
const otherUsers = 100;
const loadPerSecond = 200;
const warmUpMs = 3_000;
const deactivateEveryMs = 500;
// A token is probed at each instance: often until the instance refuses it, then less often for a while.
const probeEveryMs = 10;
const probeAfterRefusalEveryMs = 200;
const probeAfterRefusalMs = 2_000;
const leadMs = 50;
// With more unanswered requests the machine is too slow, and the results say nothing about the system.
const maxUnanswered = 1_000;

/** One instance of each service. The services of one half call each other. */
type Half = Pick<TestSystem, 'urls' | 'admin'>;

const targetsOf = ({ urls }: Half): Target[] => [
  { service: 'user-service', url: `${urls['user-service']}/api/users/me` },
  { service: 'notes-service', url: `${urls['notes-service']}/api/notes` },
];

type Run = Pick<Measured, 'targets' | 'users' | 'results' | 'took'>;

/** Deactivates users alternately through both halves, while all tokens are in use at both. */
async function measure(halves: [Half, Half]): Promise<Measured> {
  const users = await registerUsers(halves, usersToDeactivate + otherUsers);
  const adminToken = await logInAdmin(halves[0]);
  const run: Run = {
    targets: halves.flatMap(targetsOf),
    users,
    results: createResults(),
    took: { load: [], probes: [], deactivations: [] },
  };
  const lateness = monitorEventLoopDelay({ resolution: 1 });
  lateness.enable();
  const loadEnds = new AbortController();
  const began = performance.now();
  const loading = load(run, loadEnds.signal);
  await Promise.all(
    users.slice(0, usersToDeactivate).map(async (user, index) => {
      await at(began + warmUpMs + index * deactivateEveryMs);
      await deactivate(run, user, halves[index % 2 === 0 ? 0 : 1], adminToken);
    }),
  );
  loadEnds.abort();
  await loading;
  lateness.disable();
  const seconds = (performance.now() - began) / 1_000;
  return { ...run, seconds, deactivateEveryMs, loadPerSecond, lateness };
}

/** Sends each user's token to each target in turn, on schedule, without waiting for earlier answers. */
async function load(run: Run, until: AbortSignal): Promise<void> {
  const { users, targets, results } = run;
  const began = performance.now();
  let unanswered = 0;
  for (let sent = 0; !until.aborted; sent++) {
    await at(began + (sent * 1_000) / loadPerSecond);
    if (unanswered > maxUnanswered) return results.fault('the load stopped: the machine is too slow');
    const user = users[Math.floor(sent / targets.length) % users.length]!;
    unanswered++;
    void attempt(run, 'load', user, targets[sent % targets.length]!).finally(() => unanswered--);
  }
}

async function deactivate(run: Run, user: User, { urls }: Half, adminToken: string): Promise<void> {
  const probes = run.targets.map((target) => probe(run, user, target));
  await at(performance.now() + leadMs);
  user.revocation = {};
  const answer = await send(`${urls['user-service']}/api/users/${user.id}`, {
    method: 'PATCH',
    token: adminToken,
    body: { status: 'deactivated' },
  });
  run.took.deactivations.push(answer.answeredAt - answer.sentAt);
  // A 202 would mean that auth-service has not confirmed the deactivation.
  if (answer.status !== 200) run.results.fault(`a deactivation was answered by ${answer.status}`);
  user.revocation.confirmedAt = answer.answeredAt;
  await Promise.all(probes);
}

/**
 * Probes the target with the token until it has refused it for some time, or has accepted it for too long. Each probe
 * waits for the previous one, so that probing does not become the load.
 */
async function probe(run: Run, user: User, target: Target): Promise<void> {
  const end = performance.now() + leadMs + toleratedMs + probeAfterRefusalMs;
  let refusedAt = Number.POSITIVE_INFINITY;
  for (
    let now = performance.now();
    now < end && now - refusedAt < probeAfterRefusalMs;
    now = performance.now()
  ) {
    const isRefused = (await attempt(run, 'probes', user, target)) === false;
    refusedAt = isRefused ? Math.min(refusedAt, now) : Number.POSITIVE_INFINITY;
    await at(now + (isRefused ? probeAfterRefusalEveryMs : probeEveryMs));
  }
}

/** Whether the target accepts the token. Undefined if it does not answer. */
async function attempt(
  { results, took }: Run,
  kind: 'load' | 'probes',
  user: User,
  target: Target,
): Promise<boolean | undefined> {
  try {
    const answer = await send(target.url, { token: user.token });
    took[kind].push(answer.answeredAt - answer.sentAt);
    return results.add(user, target, answer);
  } catch (error) {
    results.fault(`${target.service} did not answer: ${String(error)}`);
    return undefined;
  }
}

try {
  const system = await startTestSystem(await testDatabases());
  try {
    const twin = await system.twin();
    try {
      const measured = await measure([system, twin]);
      printReport(measured);
      process.exitCode = measured.results.faults.size === 0 ? 0 : 1;
    } finally {
      await twin.close();
    }
  } finally {
    await system.close();
  }
} finally {
  await stopTestDatabases();
}
