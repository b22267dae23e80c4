import type { Relay } from '@polyglot-notes/service-kit';
import type { AuthService } from '../clients/auth-service.ts';
import type { NotesService } from '../clients/notes-service.ts';
import type { ProfileDocument, Receipt } from '../profiles/profile.model.ts';
import type { AccountsRepository } from './accounts.repository.ts';
import { isActiveAdmin, type AdminGateRepository } from './admin-gate.repository.ts';

/** What has come of a delivery: auth-service follows the account, knows none, or all is destroyed. */
export type Outcome = { state: 'followed' } | { state: 'absent' } | { state: 'destroyed'; receipt: Receipt };

export type AccountRelay = Relay<ProfileDocument, Outcome>;

interface Dependencies {
  accounts: AccountsRepository;
  adminGate: AdminGateRepository;
  authService: AuthService;
  notesService: NotesService;
  clock: () => Date;
}

/**
 * Has other services follow an account as it is, and notes that they do. Whoever calls it twice, or for an account that
 * has moved on, does no harm.
 */
export function accountDelivery({ accounts, adminGate, authService, notesService, clock }: Dependencies) {
  async function tell(account: ProfileDocument): Promise<Outcome | undefined> {
    const { _id: id, accountVersion: version, role, status, accessCuts, sessionCuts } = account;
    const held = await authService.putAccount(id, { version, role, status, accessCuts, sessionCuts });
    if (held.state === 'pending') return undefined;
    // Who is an admin counts once they can log in as one; before the mark goes, so that it is not forgotten.
    const counts = isActiveAdmin(account) && held.state === 'present';
    if (counts && !(await adminGate.admit(id, version))) {
      // They have left for a change that did not come about, and can only come in by a new version.
      await accounts.change(account, {}, {}, clock());
      return undefined;
    }
    await accounts.confirm(account, held.state === 'present' ? held.minVer : account.minVer);
    return { state: held.state === 'present' ? 'followed' : 'absent' };
  }

  /** Notes and credentials first, whichever can be reached; when both are gone, the profile. */
  async function destroy({ _id: id, deletion }: ProfileDocument): Promise<Outcome> {
    const [ofNotes, ofAuth] = await Promise.allSettled([notesService.erase(id), authService.erase(id)]);
    if (ofNotes.status === 'rejected') throw ofNotes.reason;
    if (ofAuth.status === 'rejected') throw ofAuth.reason;
    const completedAt = clock();
    const receipt = {
      requestedAt: deletion?.requestedAt ?? completedAt,
      completedAt,
      removed: { profile: 1, ...ofAuth.value, ...ofNotes.value },
    };
    return { state: 'destroyed', receipt: (await accounts.bury(id, receipt)) ?? receipt };
  }

  return (account: ProfileDocument) => (account.status === 'deleting' ? destroy(account) : tell(account));
}
