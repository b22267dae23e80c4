// npm run bench -- revocation: measures how long a token is accepted after its revocation. See ../README.md.
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
import { createResults, toleratedMs, type Session, type Target, type User } from './results.ts';
import { waysToRevoke } from './ways-to-revoke.ts';

const usersToRevoke = 240;
// The tokens of the other users stay valid until the end.
const otherUsers = 100;
const loadPerSecond = 200;
const warmUpMs = 3_000;
const revokeEveryMs = 500;
// A token is probed at each instance: often until the instance refuses it, then less often for a while.
const probeEveryMs = 10;
const probeAfterRefusalEveryMs = 200;
const probeAfterRefusalMs = 2_000;
const leadMs = 50;
// The tokens of the user's other sessions are probed for this time, as often as after a refusal.
const probeOthersMs = 2_000;
// With more unanswered requests the machine is too slow, and the results say nothing about the system.
const maxUnanswered = 1_000;

/** One instance of each service. The services of one half call each other. */
type Half = Pick<TestSystem, 'urls' | 'admin'>;

const targetsOf = ({ urls }: Half): Target[] => [
  { service: 'user-service', url: `${urls['user-service']}/api/users/me` },
  { service: 'notes-service', url: `${urls['notes-service']}/api/notes` },
];

type Run = Pick<Measured, 'targets' | 'users' | 'results' | 'took' | 'revoked'>;

/** Revokes tokens in each way in turn and alternately through both halves, while all tokens are in use at both. */
async function measure(halves: [Half, Half]): Promise<Measured> {
  const users = await registerUsers(halves, usersToRevoke + otherUsers);
  const adminToken = await logInAdmin(halves[0]);
  const run: Run = {
    targets: halves.flatMap(targetsOf),
    users,
    results: createResults(),
    took: { load: [], probes: [] },
    revoked: waysToRevoke.map((way) => ({ way, users: [], took: [] })),
  };
  const lateness = monitorEventLoopDelay({ resolution: 1 });
  lateness.enable();
  const loadEnds = new AbortController();
  const began = performance.now();
  const loading = load(run, loadEnds.signal);
  await Promise.all(
    users.slice(0, usersToRevoke).map(async (user, index) => {
      await at(began + warmUpMs + index * revokeEveryMs);
      const half = halves[Math.floor(index / waysToRevoke.length) % halves.length]!;
      await revoke(run, user, run.revoked[index % waysToRevoke.length]!, half, adminToken);
    }),
  );
  loadEnds.abort();
  await loading;
  lateness.disable();
  const seconds = (performance.now() - began) / 1_000;
  return { ...run, seconds, revokeEveryMs, loadPerSecond, lateness };
}

/** Sends the tokens of all sessions to each target in turn, on schedule, without waiting for earlier answers. */
async function load(run: Run, until: AbortSignal): Promise<void> {
  const { users, targets, results } = run;
  const sessions = [0, 1].flatMap((index) => users.map((user) => user.sessions[index]!));
  const began = performance.now();
  let unanswered = 0;
  for (let sent = 0; !until.aborted; sent++) {
    await at(began + (sent * 1_000) / loadPerSecond);
    if (unanswered > maxUnanswered) return results.fault('the load stopped: the machine is too slow');
    const session = sessions[Math.floor(sent / targets.length) % sessions.length]!;
    unanswered++;
    void attempt(run, 'load', session, targets[sent % targets.length]!).finally(() => unanswered--);
  }
}

async function revoke(
  run: Run,
  user: User,
  { way, users, took }: Run['revoked'][number],
  { urls }: Half,
  adminToken: string,
): Promise<void> {
  const probes = run.targets.map((target) => probe(run, user.sessions[0], target));
  await at(performance.now() + leadMs);
  const revoked = way.revokes(user);
  for (const session of revoked) session.revocation = {};
  const { url, ...call } = way.call(user, urls, adminToken);
  const answer = await send(url, call);
  took.push(answer.answeredAt - answer.sentAt);
  if (answer.status !== way.status) run.results.fault(`a ${way.name} was answered by ${answer.status}`);
  for (const session of revoked) session.revocation = { confirmedAt: answer.answeredAt };
  users.push(user);
  const others = user.sessions.filter((session) => !revoked.includes(session));
  await Promise.all([...probes, ...others.map((session) => probeValid(run, session))]);
}

/** Probes all targets with a token that they must accept. The results count a refusal as a fault. */
async function probeValid(run: Run, session: Session): Promise<void> {
  const end = performance.now() + probeOthersMs;
  for (let now = performance.now(); now < end; now = performance.now()) {
    await Promise.all(run.targets.map((target) => attempt(run, 'probes', session, target)));
    await at(now + probeAfterRefusalEveryMs);
  }
}

/**
 * Probes the target with the token until it has refused it for some time, or has accepted it for too long. Each probe
 * waits for the previous one, so that probing does not become the load.
 */
async function probe(run: Run, session: Session, target: Target): Promise<void> {
  const end = performance.now() + leadMs + toleratedMs + probeAfterRefusalMs;
  let refusedAt = Number.POSITIVE_INFINITY;
  for (
    let now = performance.now();
    now < end && now - refusedAt < probeAfterRefusalMs;
    now = performance.now()
  ) {
    const isRefused = (await attempt(run, 'probes', session, target)) === false;
    refusedAt = isRefused ? Math.min(refusedAt, now) : Number.POSITIVE_INFINITY;
    await at(now + (isRefused ? probeAfterRefusalEveryMs : probeEveryMs));
  }
}

/** Whether the target accepts the token. Undefined if it does not answer. */
async function attempt(
  { results, took }: Run,
  kind: 'load' | 'probes',
  session: Session,
  target: Target,
): Promise<boolean | undefined> {
  try {
    const answer = await send(target.url, { token: session.token });
    took[kind].push(answer.answeredAt - answer.sentAt);
    return results.add(session, target, answer);
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
