import { isDeepStrictEqual } from 'node:util';
import { DivergedError, NotReadyError } from '@polyglot-notes/service-kit';
import type { AccountsRepository } from '../accounts/accounts.repository.ts';
import type { StoredAccountsRepository } from '../accounts/stored-accounts.repository.ts';
import type { Outcome } from '../accounts/restore-active-admin.ts';
import type { ActiveAdminsRepository } from '../active-admins/active-admins.repository.ts';
import type { AuthService } from '../clients/auth-service.ts';
import type { NotesService } from '../clients/notes-service.ts';
import { withoutEvents } from '../profiles/account-events.ts';
import { accountStateOf, isActiveAdmin } from '../profiles/account-state.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';

interface Dependencies {
  accounts: Pick<AccountsRepository, 'leaveTombstone' | 'forgetAuthor'>;
  storedAccounts: Pick<StoredAccountsRepository, 'find'>;
  activeAdmins: Pick<ActiveAdminsRepository, 'add'>;
  deliveries: { confirm(account: ProfileDocument, update?: object): Promise<void> };
  authService: Pick<AuthService, 'putAccount' | 'erase'>;
  notesService: Pick<NotesService, 'erase'>;
  clock: () => Date;
}

/**
 * Delivers the state of an account to auth-service, or a hard deletion to all services, and confirms the delivery.
 * Idempotent. Throws a DivergedError when auth-service stores another state, as after a restored backup.
 */
export function createDeliverAccount(dependencies: Dependencies) {
  const { accounts, storedAccounts, activeAdmins, deliveries } = dependencies;
  const { authService, notesService, clock } = dependencies;

  async function apply(account: ProfileDocument): Promise<Outcome> {
    const { _id: id, accountVersion, events = [] } = account;
    const state = accountStateOf(account);
    const stored = await authService.putAccount(id, state, events);
    if (stored.state === 'pending') throw new NotReadyError('the registration is not complete');
    if (stored.state === 'absent') {
      await deliveries.confirm(account, withoutEvents(account));
      return 'absent';
    }
    if (!isDeepStrictEqual(accountStateOf(stored), state)) {
      const current = await storedAccounts.find(id);
      if (current?.accountVersion === accountVersion)
        throw new DivergedError('auth-service stores a different or later account state');
      // A later change has its own delivery.
      return 'applied';
    }
    if (isActiveAdmin(account)) await activeAdmins.add(id, accountVersion);
    await deliveries.confirm(account, {
      $max: { accessVersion: stored.accessVersion },
      ...withoutEvents(account),
    });
    return 'applied';
  }

  /** Erases notes and credentials where the services are available. When both are erased, a tombstone replaces the profile. */
  async function erase({ _id: id, deletion, events }: ProfileDocument): Promise<Outcome> {
    const [ofNotes, ofAuth] = await Promise.allSettled([
      notesService.erase(id),
      authService.erase(id, events),
    ]);
    if (ofNotes.status === 'rejected') throw ofNotes.reason;
    if (ofAuth.status === 'rejected') throw ofAuth.reason;
    await accounts.forgetAuthor(id);
    const completedAt = clock();
    await accounts.leaveTombstone(id, {
      requestedAt: deletion?.requestedAt ?? completedAt,
      completedAt,
      removed: { profile: 1, ...ofAuth.value, ...ofNotes.value },
    });
    return 'erased';
  }

  return (account: ProfileDocument) => (account.status === 'deleting' ? erase(account) : apply(account));
}
