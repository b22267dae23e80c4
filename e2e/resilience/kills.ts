// A system whose services can be killed at each step of a request, for the tests that do so.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect } from '@jest/globals';
import { root } from '@polyglot-notes/local-stack/testing';
import { scaled, until, type Answer, type CallOptions } from '@polyglot-notes/service-kit/testing';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

export type ServiceName = 'auth-service' | 'user-service' | 'notes-service';

/** What became of a request whose service was killed: the answer, and the step at which the service died. */
export interface Killed {
  answer: Answer | 'no answer';
  step: string;
}

export type Kill = (send: (options: CallOptions) => Promise<Answer>) => Promise<Killed | undefined>;

export async function startKillableSystem(environment: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-killed-'));
  const report = join(folder, 'report');
  const system = await startSystem(
    { INTERNAL_TIMEOUT_MS: String(scaled(500)), ...environment },
    {
      NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'e2e/resilience/kill-switch.ts')).href}`,
      KILL_REPORT: report,
    },
  );
  const stores = await openStores(system);
  const steps: string[] = [];
  const checks = createChecks(stores);
  const { atEveryStep, untilAllKilled } = createAtEveryStep(system, report, steps);
  const killTogether = createKillTogether(system, report);

  return {
    system,
    stores,
    ...checks,
    atEveryStep,
    killTogether,
    /** In a run at a step, the first call resolves after the kills at all steps, whose leases so end together. */
    async allDelivered(): Promise<void> {
      await untilAllKilled();
      await checks.allDelivered();
    },
    async close(): Promise<void> {
      await stores.close();
      await system.close();
      await rm(folder, { recursive: true });
      console.info(`The services were killed at these ${steps.length} steps:\n${steps.join('\n')}`);
    },
  };
}

export type KillableSystem = Awaited<ReturnType<typeof startKillableSystem>>;

function createAtEveryStep(system: System, report: string, steps: string[]) {
  /** Sends a request, kills the service at its step `number`, and starts it again; undefined when there is no such step. */
  async function killAt(
    service: ServiceName,
    number: number,
    flow: string,
    send: (options: CallOptions) => Promise<Answer>,
  ): Promise<Killed | undefined> {
    await writeFile(report, '');
    const id = `kill.${service}.${number}.${Math.random().toString(36).slice(2)}`;
    const exited = system.exited(service);
    const answer = await send({ headers: { 'X-Request-Id': id } }).catch(() => 'no answer' as const);
    // A service may work on for a moment after its answer.
    const end = await Promise.race([exited, delay(scaled(300), undefined)]);
    if (end === undefined) return undefined;
    const step = (await readFile(report, 'utf8')).trim();
    steps.push(`${flow}: ${service}: ${step}`);
    await system.start(service);
    return { answer, step };
  }

  let endTurn: (() => Promise<unknown>) | undefined;

  /** Ends the turn of the run in progress. Resolves when all steps have had a kill and the runs before have ended. */
  async function untilAllKilled(): Promise<void> {
    const end = endTurn;
    endTurn = undefined;
    await end?.();
  }

  /**
   * Calls `run` for every step of a service: each run up to its first `allDelivered`, and then the rest of each. Throws
   * when there is no step, because then the kill switch does not work.
   */
  async function atEveryStep(service: ServiceName, flow: string, run: (kill: Kill) => Promise<boolean>) {
    const allKilled = Promise.withResolvers<void>();
    let before: Promise<unknown> = allKilled.promise;
    const runs: Promise<boolean>[] = [];
    for (let hasStep = true; hasStep;) {
      const waiting = Promise.withResolvers<void>();
      const turn = before;
      endTurn = () => {
        waiting.resolve();
        return turn;
      };
      const number = runs.length + 1;
      const current = run(async (send) => {
        const killed = await killAt(service, number, flow, send);
        hasStep = killed !== undefined;
        return killed;
      });
      runs.push(current);
      before = Promise.allSettled([before, current]);
      await Promise.race([waiting.promise, current]);
    }
    endTurn = undefined;
    if (runs.length === 1) throw new Error(`${flow} has no step in ${service}`);
    allKilled.resolve();
    await Promise.all(runs);
  }

  return { atEveryStep, untilAllKilled };
}

/** A request to notes-service that stops at its step `number`. */
interface Held {
  number: number;
  send: (headers: Record<string, string>) => Promise<Answer>;
}

const createKillTogether =
  (system: System, report: string) =>
  /**
   * Sends requests to a service, kills it when each has stopped or has been answered, and starts it again. Returns the answers,
   * and whether the requests have stopped: others have no such step.
   */
  async (
    service: ServiceName,
    requests: Held[],
  ): Promise<{ answer: Killed['answer']; isHeld: boolean }[]> => {
    await writeFile(report, '');
    const answered = new Set<string>();
    const sent = requests.map(({ number, send }, index) => {
      const id = `hold.${service}.${number}.${index}-${Math.random().toString(36).slice(2)}`;
      const answer = send({ 'X-Request-Id': id })
        .catch(() => 'no answer' as const)
        .finally(() => answered.add(id));
      return { id, answer };
    });
    let held: string[] = [];
    await until(async () => {
      held = (await readFile(report, 'utf8')).split('\n');
      return sent.every(({ id }) => answered.has(id) || held.includes(id));
    }, 120_000);
    if (sent.some(({ id }) => held.includes(id))) {
      await system.stop(service, 'SIGKILL');
      await system.start(service);
    }
    return Promise.all(
      sent.map(async ({ id, answer }) => ({ answer: await answer, isHeld: held.includes(id) })),
    );
  };

const pending = { 'delivery.since': { $exists: true } };

function createChecks(stores: Stores) {
  return {
    allDelivered: () =>
      until(async () => {
        const open = await Promise.all([
          stores.profiles.countDocuments(pending),
          stores.credentials.countDocuments({ $or: [pending, { state: { $ne: 'active' } }] }),
        ]);
        return open.every((count) => count === 0) && (await stores.isActiveAdminSetRight());
      }, 120_000),

    /** Expects that both stores agree on an account, and that the active-admin set is right. */
    async expectAgreement(id: string): Promise<void> {
      const [profile, credential] = [
        await stores.profiles.findOne({ _id: id }),
        await stores.credentials.findOne({ _id: id }),
      ];
      expect(decided(credential ?? {})).toEqual(decided(profile ?? {}));
      expect([profile?.['profileVersion'], profile?.['email']]).toEqual([
        credential?.['profileVersion'],
        credential?.['email'],
      ]);
      const revocations = ['accessRevocations', 'passwordChanges', 'logoutsOfAll'];
      expect(profile?.['accessVersion']).toBe(
        revocations.reduce((sum, name) => sum + Number(credential?.[name] ?? 0), 1),
      );
      expect(await stores.isActiveAdminSetRight()).toBe(true);
      expect(await stores.orphanedSessions()).toEqual([]);
    },
  };
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
