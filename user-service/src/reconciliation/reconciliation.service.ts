import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@polyglot-notes/service-kit';
import { driftKinds, driftOf, isTold, type DriftKind } from './drift.ts';
import { repair, type RepairContext } from './repair.ts';
import type { ReconciliationsRepository } from './reconciliations.repository.ts';
import { look, survey, type Drift } from './survey.ts';

export interface Dependencies extends RepairContext {
  reconciliations: ReconciliationsRepository;
}

const everyMs = 60 * 60_000;
const checkMs = 60_000;
// The log is not the place for a whole store that was lost.
const maxNamed = 100;
const settleTries = 20;
const settleMs = 500;

/** What was found about an account, and what of it is left: all of it, unless it was repaired. */
export interface Finding extends Drift {
  left: DriftKind[];
}

/** Compares the three stores, names each account about which they differ, and repairs it if that is asked for. */
export async function* reconcile(
  context: Dependencies,
  { isToRepair }: { isToRepair: boolean },
): AsyncGenerator<Finding> {
  const counts = Object.fromEntries(driftKinds.map((kind) => [kind, 0])) as Record<DriftKind, number>;
  for await (const drift of survey(context)) {
    const left = isToRepair ? await repairAndCheck(drift, context) : drift.kinds;
    for (const kind of left) counts[kind]++;
    yield { ...drift, left };
  }
  await context.reconciliations.end(counts, new Date());
}

/** What is left after the repair, once other services have been told of it and follow. */
async function repairAndCheck(drift: Drift, context: Dependencies): Promise<DriftKind[]> {
  const impossible = await repair(drift, context);
  const hoped = drift.kinds.filter((kind) => !impossible.includes(kind));
  if (hoped.length === 0) return impossible;
  for (let tries = settleTries; tries > 0; tries--) {
    const held = await look(drift.id, context);
    const now = driftOf(held, new Date());
    if (isTold(held) && !hoped.some((kind) => now.includes(kind))) return now;
    await delay(settleMs);
  }
  return drift.kinds;
}

/**
 * Compares the stores once an hour, in one of several instances, so that there is always a recent count of each kind.
 * Resolves when the service stops.
 */
export async function reconcileHourly(
  context: Dependencies & { log: Logger; closing: AbortSignal },
): Promise<void> {
  const { reconciliations, log, closing } = context;

  async function runIfDue(): Promise<void> {
    const now = Date.now();
    if (!(await reconciliations.begin(new Date(now - everyMs), new Date(now)))) return;
    let found = 0;
    for await (const { id, kinds } of reconcile(context, { isToRepair: false })) {
      found++;
      if (found <= maxNamed) log.error({ accountId: id, kinds }, 'the stores differ about an account');
    }
    if (found > maxNamed) log.error({ found }, 'the stores differ about many accounts');
  }

  while (!closing.aborted) {
    await delay(checkMs * (0.5 + Math.random()), undefined, { signal: closing }).catch(() => {});
    if (closing.aborted) return;
    await runIfDue().catch((err: unknown) => {
      if (!closing.aborted) log.warn({ err }, 'the stores could not be compared');
    });
  }
}
