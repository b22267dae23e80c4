import { setTimeout as delay } from 'node:timers/promises';
import { currentWork, traceWork, type Logger, type Tracing } from '@polyglot-notes/service-kit';
import { driftKinds, driftOf, pendingDeliveries, type DriftKind } from './drift.ts';
import type { ReconciliationsRepository } from './reconciliations.repository.ts';
import { repair, type RepairDependencies } from './repair.ts';
import { findDrift, takeSnapshot, type Drift } from './snapshot.ts';

export interface Dependencies extends RepairDependencies {
  reconciliations: ReconciliationsRepository;
}

const intervalMs = 60 * 60_000;
const checkMs = 60_000;
// A lost store must not flood the log.
const maxLogged = 100;
const settleTries = 20;
const settleMs = 500;

/** An account about which the stores differed, and the kinds of drift that are left. */
interface Finding extends Drift {
  left: DriftKind[];
}

/** Compares the three stores and yields each account about which they differ. Repairs it on request. */
export async function* reconcile(
  dependencies: Dependencies,
  { isToRepair }: { isToRepair: boolean },
): AsyncGenerator<Finding> {
  const counts = Object.fromEntries(driftKinds.map((kind) => [kind, 0])) as Record<DriftKind, number>;
  for await (const drift of findDrift(dependencies)) {
    const left = isToRepair ? await repairAndCheck(drift, dependencies) : drift.kinds;
    for (const kind of left) counts[kind]++;
    yield { ...drift, left };
  }
  await dependencies.reconciliations.end(counts);
}

/** Repairs an account and waits until its deliveries are confirmed. Returns the kinds of drift that are left. */
async function repairAndCheck(drift: Drift, dependencies: Dependencies): Promise<DriftKind[]> {
  const impossible = await repair(drift, dependencies);
  const expected = drift.kinds.filter((kind) => !impossible.includes(kind));
  if (expected.length === 0) return impossible;
  for (let tries = settleTries; tries > 0; tries--) {
    const snapshot = await takeSnapshot(drift.id, dependencies);
    const current = driftOf(snapshot, dependencies.clock());
    const isSettled = pendingDeliveries(snapshot).length === 0;
    if (isSettled && !expected.some((kind) => current.includes(kind))) return current;
    await delay(settleMs);
  }
  return drift.kinds;
}

/** Compares the stores once an hour, in one of several instances. Resolves when the service stops. */
export async function reconcileHourly(
  dependencies: Dependencies & { tracing: Tracing | undefined; log: Logger; closing: AbortSignal },
): Promise<void> {
  const { reconciliations, tracing, log, closing } = dependencies;

  async function runIfDue(): Promise<void> {
    if (!(await reconciliations.begin(intervalMs))) return;
    currentWork()?.begin();
    let found = 0;
    for await (const { id, kinds } of reconcile(dependencies, { isToRepair: false })) {
      found++;
      if (found <= maxLogged) log.error({ accountId: id, kinds }, 'the stores differ about an account');
    }
    if (found > maxLogged) log.error({ found }, 'the stores differ about many accounts');
  }

  const runOrLog = () =>
    runIfDue().catch((err: unknown) => {
      currentWork()?.fail(err);
      if (!closing.aborted) log.warn({ err }, 'the stores could not be compared');
    });

  while (!closing.aborted) {
    await delay(checkMs * (0.5 + Math.random()), undefined, { signal: closing }).catch(() => {});
    if (closing.aborted) return;
    await traceWork(tracing, { name: 'reconcile' }, runOrLog);
  }
}
