// A system whose services can be killed at each step of a request, for the tests that do so.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect } from '@jest/globals';
import { root } from '@polyglot-notes/local-stack/testing';
import {
  scaled,
  unique,
  until,
  type Answer,
  type CallOptions,
  type Client,
} from '@polyglot-notes/service-kit/testing';
import { openStores, type Stores } from '../stores.ts';
import { startSystem } from '../systems.ts';

export type ServiceName = 'auth-service' | 'user-service' | 'notes-service';

/** What became of a request whose service was killed: the answer, and the step at which the service died. */
export interface Killed {
  answer: Answer | 'no answer';
  step: string;
}

/** A request that is sent many times, by different users, and killed at another of its steps each time. */
export interface RequestToKill {
  name: string;
  /** What must be true after each kill. */
  outcome: string;
  /** The services whose steps of this request are killed. */
  services: readonly ServiceName[];
  /** Whether a kill at the step makes a difference. Default: each does. */
  isWorthAKill?: (step: string) => boolean;
  /** How many of these requests a service accepts at the same time. Default: any number. */
  atOnce?: number;
  prepare(this: void, place: Place): Promise<PreparedRequest>;
}

/** Where requests are prepared and checked. */
export type Place = KillableSystem & {
  /** The first admin, who logs in once: the logins of a user at one time are limited. */
  admin: Client;
};

export interface PreparedRequest {
  send(this: void, options: CallOptions): Promise<Answer>;
  /** Checks the outcome when the service runs again. Each `yield` waits until the stores agree. */
  check(this: void, killed: Killed): AsyncGenerator<void, void, void>;
}

export type KillableSystem = Awaited<ReturnType<typeof startKillableSystem>>;

export async function startKillableSystem() {
  const folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-killed-'));
  const report = join(folder, 'report');
  const system = await startSystem(
    {
      // Callers must wait for requests that are held until their service is killed.
      INTERNAL_TIMEOUT_MS: String(scaled(5_000)),
      UPSTREAM_TIMEOUT_MS: '60000',
    },
    {
      NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'e2e/resilience/kill-switch.ts')).href}`,
      KILL_REPORT: report,
    },
  );
  const stores = await openStores(system);
  return {
    system,
    api: system.api,
    stores,
    report,
    expectAgreement: (id: string) => expectAgreement(stores, id),
    async close(): Promise<void> {
      await stores.close();
      await system.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The most requests that prepare or check at the same time. More would only wait for each other. */
const atWork = 20;

async function each<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: atWork }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

interface Step {
  id: string;
  name: string;
}

/** The steps that were reported, by the id of the request. */
async function readReport({ report }: KillableSystem): Promise<Map<string, Step[]>> {
  const lines = (await readFile(report, 'utf8')).split('\n').slice(0, -1);
  const parsed = lines.map((line) => /^(\S+) (\S+) (.+)$/.exec(line)!.slice(1) as [string, string, string]);
  const groups = Map.groupBy(parsed, ([requestId]) => requestId);
  return new Map(
    Array.from(groups, ([requestId, steps]) => [requestId, steps.map(([, id, name]) => ({ id, name }))]),
  );
}

/** Sends a request, without a kill, and returns its steps in a service. */
async function stepsOf(place: Place, service: ServiceName, request: RequestToKill): Promise<Step[]> {
  const { send } = await request.prepare(place);
  const id = `trace.${service}.${unique()}`;
  await send({ headers: { 'X-Request-Id': id } });
  // A service may work on for a moment after its answer.
  await delay(scaled(300));
  const steps = (await readReport(place)).get(id) ?? [];
  return steps.filter(({ name }) => request.isWorthAKill?.(name) ?? true);
}

interface Run {
  request: RequestToKill;
  step: Step;
  round: number;
}

/**
 * Kills a service at each step that it takes for these requests, and checks the outcomes. Requests are held at their steps,
 * so that one kill serves many. Returns the faults of each request.
 */
export async function killAtEachStep(
  killable: KillableSystem,
  service: ServiceName,
  requests: readonly RequestToKill[],
): Promise<Map<string, string[]>> {
  // A test that failed may have left a dead service behind.
  await killable.system.ensureRunning();
  const place = { ...killable, admin: await killable.system.asAdmin() };
  await writeFile(killable.report, '');
  const runs: Run[] = [];
  await each([...requests], async (request) => {
    const steps = await stepsOf(place, service, request);
    for (const [index, step] of steps.entries())
      runs.push({ request, step, round: Math.floor(index / (request.atOnce ?? Infinity)) });
  });
  const faults = new Map<string, string[]>(requests.map(({ name }) => [name, []]));
  for (const { name } of requests)
    if (!runs.some(({ request }) => request.name === name)) faults.get(name)!.push(`no step in ${service}`);
  const rounds = Map.groupBy(runs, ({ round }) => round);
  for (const round of rounds.values()) await killTogether(place, service, round, faults);
  const steps = runs.map(({ request, step }) => `${request.name}: ${service}: ${step.name}`);
  console.info(`${service} was killed at these ${steps.length} steps:\n${steps.join('\n')}`);
  return faults;
}

async function killTogether(
  place: Place,
  service: ServiceName,
  runs: Run[],
  faults: Map<string, string[]>,
): Promise<void> {
  const { system, stores, report } = place;
  await writeFile(report, '');
  const prepared: (Run & PreparedRequest & { id: string })[] = [];
  await each(runs, async (run) => {
    const id = `hold.${service}.${run.step.id}.${unique()}`;
    prepared.push({ ...run, ...(await run.request.prepare(place)), id });
  });
  const sent = prepared.map(({ send, id, ...run }) => ({
    ...run,
    id,
    answer: send({ headers: { 'X-Request-Id': id } }).catch(() => 'no answer' as const),
  }));
  let held = new Map<string, Step[]>();
  const areHeld = async () => {
    held = await readReport(place);
    return sent.every(({ id }) => held.has(id));
  };
  await until(areHeld, 60_000).catch(() => {});
  await system.stop(service, 'SIGKILL');
  await system.start(service);
  expect(await stores.notesFaults()).toEqual([]);
  const checks = await Promise.all(
    sent.map(async ({ id, answer: answering, request, step, check }) => {
      const answer = await answering;
      const reportFault = (fault: string) =>
        faults.get(request.name)!.push(`${service}: ${step.name}: ${fault} (answer: ${statusOf(answer)})`);
      if (!held.has(id)) reportFault('not reached');
      return { checking: check({ answer, step: step.name }), reportFault };
    }),
  );
  await finish(place, checks);
}

const statusOf = (answer: Killed['answer']) => (answer === 'no answer' ? answer : answer.status);

interface Check {
  checking: AsyncGenerator<void, void, void>;
  reportFault: (fault: string) => void;
}

/** Runs all checks to their end. When each waits or has ended, and the stores agree, those that wait continue. */
async function finish(killable: KillableSystem, checks: Check[]): Promise<void> {
  let open = checks;
  while (open.length > 0) {
    const waiting: Check[] = [];
    await each(open, async (one) => {
      try {
        const { done } = await one.checking.next();
        if (done !== true) waiting.push(one);
      } catch (error) {
        one.reportFault(Error.isError(error) ? String(error.stack) : String(error));
      }
    });
    await allDelivered(killable.stores);
    expect(await killable.stores.orphanedSessions()).toEqual([]);
    expect(await killable.stores.notesFaults()).toEqual([]);
    open = waiting;
  }
}

const pending = { 'delivery.since': { $exists: true } };

const allDelivered = (stores: Stores) =>
  until(async () => {
    // Leases last for seconds.
    await delay(200);
    const open = await Promise.all([
      stores.profiles.countDocuments(pending),
      stores.credentials.countDocuments({ $or: [pending, { state: { $ne: 'active' } }] }),
    ]);
    return open.every((count) => count === 0) && (await stores.isActiveAdminSetRight());
  }, 120_000);

/** Expects that both stores agree on an account. */
async function expectAgreement(stores: Stores, id: string): Promise<void> {
  const [profile, credential] = await Promise.all([
    stores.profiles.findOne({ _id: id }),
    stores.credentials.findOne({ _id: id }),
  ]);
  expect(decided(credential ?? {})).toEqual(decided(profile ?? {}));
  expect([profile?.['profileVersion'], profile?.['email']]).toEqual([
    credential?.['profileVersion'],
    credential?.['email'],
  ]);
  const revocations = ['accessRevocations', 'passwordChanges', 'logoutsOfAll'];
  expect(profile?.['accessVersion']).toBe(
    revocations.reduce((sum, name) => sum + Number(credential?.[name] ?? 0), 1),
  );
  await expectEvents(stores, credential ?? {});
}

/** Expects that the audit trail has one event of each change that an account counts. */
async function expectEvents(stores: Stores, { _id: userId, ...account }: Record<string, unknown>) {
  const isMoved = async () =>
    (await stores.credentials.countDocuments({ _id: String(userId), 'events.0': { $exists: true } })) === 0;
  await until(isMoved);
  const events = await stores.events.find({ userId }).toArray();
  const count = (...types: string[]) => events.filter(({ type }) => types.includes(type as string)).length;
  const { role, status, passwordChanges, logoutsOfAll = 0, sessionRevocations } = account;
  expect({
    registered: count('registered'),
    passwordChanges: count('password_changed', 'password_reset'),
    // All sessions end with a deactivation, by an admin, and with a logout everywhere.
    endings: count('deactivated', 'sessions_ended'),
    isAdmin: count('role_changed') % 2 === 1,
    isDeactivated: count('deactivated') > count('reactivated'),
  }).toEqual({
    registered: 1,
    passwordChanges,
    endings: Number(logoutsOfAll) + Number(sessionRevocations),
    isAdmin: role === 'admin',
    isDeactivated: status === 'deactivated',
  });
}

const decided = ({
  role,
  status,
  accountVersion,
  accessRevocations,
  sessionRevocations,
}: Record<string, unknown>) => ({ role, status, accountVersion, accessRevocations, sessionRevocations });

/** Expects that an acknowledged request has taken effect; any other one may have. */
export function expectKept(answer: Killed['answer'], hasHappened: boolean): void {
  const isAcknowledged = answer !== 'no answer' && answer.status < 300;
  expect({ isAcknowledged, hasHappened }).not.toEqual({ isAcknowledged: true, hasHappened: false });
}
