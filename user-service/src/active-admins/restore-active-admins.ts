import { setTimeout as delay } from 'node:timers/promises';
import { currentWork, traceWork, type Logger, type Tracing } from '@polyglot-notes/service-kit';
import type { ActiveAdminsRepository } from './active-admins.repository.ts';

interface Dependencies {
  activeAdmins: Pick<ActiveAdminsRepository, 'removedBefore'>;
  /** Of these ids, finds those of active admins without a pending delivery. */
  storedAccounts: { settledAdmins(ids: string[]): Promise<{ _id: string }[]> };
  restoreActiveAdmin: (id: string) => Promise<unknown>;
  /** The longest time between a removal from the set and the change of the account. */
  leaseMs: number;
  intervalMs: number;
  clock: () => Date;
  tracing: Tracing | undefined;
  log: Logger;
  closing: AbortSignal;
}

/**
 * Periodically adds active admins to the set again that a process removed before it died. Any number of instances may do
 * so. Resolves when the service stops.
 */
export async function restoreActiveAdmins(dependencies: Dependencies): Promise<void> {
  const { activeAdmins, storedAccounts, restoreActiveAdmin } = dependencies;
  const { leaseMs, intervalMs, clock, tracing, log, closing } = dependencies;

  async function pass(): Promise<void> {
    try {
      const ids = await activeAdmins.removedBefore(new Date(clock().getTime() - leaseMs));
      const missing = ids.length === 0 ? [] : await storedAccounts.settledAdmins(ids);
      if (missing.length > 0) currentWork()?.begin();
      for (const { _id } of missing) await restoreActiveAdmin(_id);
    } catch (err) {
      currentWork()?.fail(err);
      if (!closing.aborted) log.warn({ err }, 'the active admins could not be checked');
    }
  }

  while (!closing.aborted) {
    await traceWork(tracing, { name: 'restore active admins' }, pass);
    await delay(intervalMs * (0.5 + Math.random() / 2), undefined, { signal: closing }).catch(() => {});
  }
}
