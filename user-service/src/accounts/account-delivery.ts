import { RetryLaterError, type Relay } from '@polyglot-notes/service-kit';
import { isCredential, type AuthService } from '../clients/auth-service.ts';
import type { NotesService } from '../clients/notes-service.ts';
import type { ProfileDocument, Receipt } from '../profiles/profile.model.ts';
import type { AccountsRepository } from './accounts.repository.ts';
import { isActiveAdmin, type ActiveAdminsRepository } from '../active-admins/active-admins.repository.ts';

/** What has come of a delivery: auth-service follows the account, knows none, or all is destroyed. */
export type Outcome = { state: 'followed' } | { state: 'absent' } | { state: 'destroyed'; receipt: Receipt };

export type AccountRelay = Relay<ProfileDocument, Outcome>;

interface Dependencies {
  accounts: AccountsRepository;
  activeAdmins: ActiveAdminsRepository;
  authService: AuthService;
  notesService: NotesService;
  clock: () => Date;
}

/**
 * Has other services follow an account as it is, and notes that they do. Whoever calls it twice, or for an account that
 * has moved on, does no harm.
 */
export function accountDelivery({ accounts, activeAdmins, authService, notesService, clock }: Dependencies) {
  async function tell(account: ProfileDocument): Promise<Outcome> {
    const { _id: id, accountVersion: version, role, status, accessRevocations, sessionRevocations } = account;
    // The change that it guards has not come about, and they may have left the gate for it.
    if (account.delivery?.isGuard === true && isActiveAdmin(account)) return renew(account);
    const held = await authService.putAccount(id, {
      version,
      role,
      status,
      accessRevocations,
      sessionRevocations,
    });
    if (held.state !== 'present') {
      if (held.state === 'pending') throw new RetryLaterError('the account is not registered to the end');
      await accounts.confirm(account, account.minVer);
      return { state: held.state };
    }
    if (isBehind(account, held) && (await accounts.supersede(account, above(held, account), clock())))
      throw new RetryLaterError('auth-service holds a later version, as after a restored backup');
    // Who is an admin counts once they can log in as one; before the mark goes, so that it is not forgotten.
    if (isActiveAdmin(account) && !(await activeAdmins.admit(id, version))) return renew(account);
    await accounts.confirm(account, held.minVer);
    return { state: 'followed' };
  }

  /**
   * Gives an account a new version, by which an admin who has left the gate can come in again. That decides nothing: where
   * auth-service has another decision, as after a restored backup, it is left to the comparison of the stores.
   */
  async function renew(account: ProfileDocument): Promise<Outcome> {
    const held = await authService.findAccount(account._id);
    const isAgreed = isCredential(held) && held.role === account.role && held.status === account.status;
    const renewed = isAgreed && (await accounts.change(account, {}, {}, clock()));
    if (typeof renewed === 'object') return tell(renewed);
    // If the account has moved on, who moved it on tells of it.
    await accounts.confirm(account, account.minVer);
    return { state: 'followed' };
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

/** Whether auth-service holds a later decision, or another by the same version: as after a restored backup. */
const isBehind = (
  account: ProfileDocument,
  held: Pick<ProfileDocument, 'role' | 'status' | 'accessRevocations' | 'sessionRevocations'> & {
    version: number;
  },
): boolean =>
  held.version > account.accountVersion ||
  (held.version === account.accountVersion &&
    (['role', 'status', 'accessRevocations', 'sessionRevocations'] as const).some(
      (name) => held[name] !== account[name],
    ));

/** The decision of an account as a later one than auth-service holds; whoever was let in by that has to log in again. */
export function above(
  held: { version: number; accessRevocations: number; sessionRevocations: number },
  { role, status, accountVersion, accessRevocations, sessionRevocations }: ProfileDocument,
) {
  return {
    role,
    status,
    accountVersion: Math.max(accountVersion, held.version) + 1,
    accessRevocations: Math.max(accessRevocations, held.accessRevocations) + 1,
    sessionRevocations: Math.max(sessionRevocations, held.sessionRevocations) + 1,
  };
}
