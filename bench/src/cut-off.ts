// npm run bench: for how long a token is still accepted after its account was switched off. See ../README.md.
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

const usersToCut = 200;
// Their tokens have to be good to the end.
const otherUsers = 100;
const loadPerSecond = 200;
const warmUpMs = 3_000;
const cutEveryMs = 500;
// The token that is being cut off is tried this often at each instance, and less often once that has refused it.
const probeEveryMs = 10;
const watchEveryMs = 200;
const watchedMs = 2_000;
const leadMs = 50;
// So many mean that the machine cannot keep up, and that what is measured says nothing of the system.
const maxUnanswered = 1_000;

/** One instance of each service; the services of one half call each other. */
type Half = Pick<TestSystem, 'urls' | 'admin'>;

const targetsOf = ({ urls }: Half): Target[] => [
  { service: 'user-service', url: `${urls['user-service']}/api/users/me` },
  { service: 'notes-service', url: `${urls['notes-service']}/api/notes` },
];

/** Cuts users off by turns through both halves, while all tokens are in use at both. */
async function measure(halves: [Half, Half]): Promise<Measured> {
  const targets = halves.flatMap(targetsOf);
  const users = await registerUsers(halves, usersToCut + otherUsers);
  const adminToken = await logInAdmin(halves[0]);
  const results = createResults();
  const took: Measured['took'] = { load: [], probes: [], cuts: [] };

  /** Whether the target accepts the token; undefined when it does not answer. */
  async function attempt(kind: 'load' | 'probes', user: User, target: Target): Promise<boolean | undefined> {
    try {
      const answer = await send(target.url, { token: user.token });
      took[kind].push(answer.answeredAt - answer.sentAt);
      return results.add(user, target, answer);
    } catch (error) {
      results.fault(`${target.service} did not answer: ${String(error)}`);
      return undefined;
    }
  }

  /** Each user's token at each target in turn, on schedule, whether or not the requests before are answered. */
  async function load(until: AbortSignal): Promise<void> {
    const began = performance.now();
    let unanswered = 0;
    for (let sent = 0; !until.aborted; sent++) {
      await at(began + (sent * 1_000) / loadPerSecond);
      if (unanswered > maxUnanswered)
        return results.fault('the load was broken off: the machine is too slow');
      const user = users[Math.floor(sent / targets.length) % users.length]!;
      unanswered++;
      void attempt('load', user, targets[sent % targets.length]!).finally(() => unanswered--);
    }
  }

  /**
   * Tries the token at the target until it has been refused for some time, or has not been for too long. Each try waits
   * for the one before, so that probing does not become the load.
   */
  async function watch(user: User, target: Target): Promise<void> {
    const end = performance.now() + leadMs + toleratedMs + watchedMs;
    let refusedAt = Number.POSITIVE_INFINITY;
    for (let now = performance.now(); now < end && now - refusedAt < watchedMs; now = performance.now()) {
      const isRefused = (await attempt('probes', user, target)) === false;
      refusedAt = isRefused ? Math.min(refusedAt, now) : Number.POSITIVE_INFINITY;
      await at(now + (isRefused ? watchEveryMs : probeEveryMs));
    }
  }

  async function cutOff(user: User, { urls }: Half): Promise<void> {
    const watches = targets.map((target) => watch(user, target));
    await at(performance.now() + leadMs);
    user.cut = {};
    const answer = await send(`${urls['user-service']}/api/users/${user.id}`, {
      method: 'PATCH',
      token: adminToken,
      body: { status: 'deactivated' },
    });
    took.cuts.push(answer.answeredAt - answer.sentAt);
    // A 202 would say that auth-service does not know yet.
    if (answer.status !== 200) results.fault(`switching an account off was answered by ${answer.status}`);
    user.cut.confirmedAt = answer.answeredAt;
    await Promise.all(watches);
  }

  const lateness = monitorEventLoopDelay({ resolution: 1 });
  lateness.enable();
  const loadEnds = new AbortController();
  const began = performance.now();
  const loading = load(loadEnds.signal);
  await Promise.all(
    users.slice(0, usersToCut).map(async (user, index) => {
      await at(began + warmUpMs + index * cutEveryMs);
      await cutOff(user, halves[index % 2 === 0 ? 0 : 1]);
    }),
  );
  loadEnds.abort();
  await loading;
  lateness.disable();
  const seconds = (performance.now() - began) / 1_000;
  return { results, targets, users, took, seconds, cutEveryMs, loadPerSecond, lateness };
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
