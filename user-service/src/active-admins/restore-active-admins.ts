import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@polyglot-notes/service-kit';
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
  log: Logger;
  closing: AbortSignal;
}

/**
 * Periodically adds active admins to the set again that a process removed before it died. Any number of instances may do
 * so. Resolves when the service stops.
 */
export async function restoreActiveAdmins(dependencies: Dependencies): Promise<void> {
  const { activeAdmins, storedAccounts, restoreActiveAdmin } = dependencies;
  const { leaseMs, intervalMs, clock, log, closing } = dependencies;
  while (!closing.aborted) {
    try {
      const ids = await activeAdmins.removedBefore(new Date(clock().getTime() - leaseMs));
      const missing = ids.length === 0 ? [] : await storedAccounts.settledAdmins(ids);
      for (const { _id } of missing) await restoreActiveAdmin(_id);
    } catch (err) {
      if (!closing.aborted) log.warn({ err }, 'the active admins could not be checked');
    }
    await delay(intervalMs * (0.5 + Math.random() / 2), undefined, { signal: closing }).catch(() => {});
  }
}
