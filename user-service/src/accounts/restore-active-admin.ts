import { isCredential, type AuthService } from '../clients/auth-service.ts';
import { system } from '../profiles/account-events.ts';
import { isActiveAdmin } from '../profiles/account-state.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';
import type { ProfilesRepository } from '../profiles/profiles.repository.ts';
import type { AccountsRepository } from './accounts.repository.ts';

/** The result of a delivery: the other services apply the account, auth-service has no such account, or it is erased. */
export type Outcome = 'applied' | 'absent' | 'erased';

export interface AccountRelay {
  attempt(account: ProfileDocument): Promise<Outcome | undefined>;
}

export interface Changed {
  account: ProfileDocument;
  /** Undefined while the delivery to the other services is pending or parked. */
  outcome: Outcome | undefined;
}

interface Dependencies {
  profiles: Pick<ProfilesRepository, 'find'>;
  accounts: Pick<AccountsRepository, 'change'>;
  authService: Pick<AuthService, 'find'>;
  relay: AccountRelay;
}

export type RestoreActiveAdmin = ReturnType<typeof createRestoreActiveAdmin>;

/**
 * Adds an active admin to the set again whose removal was not followed by a change. A new version makes that safe. It
 * decides nothing: where auth-service stores another role or status, only a repair does.
 */
export function createRestoreActiveAdmin({ profiles, accounts, authService, relay }: Dependencies) {
  async function isConfirmedAdmin(id: string): Promise<boolean> {
    const stored = await authService.find(id);
    return isCredential(stored) && isActiveAdmin(stored);
  }

  return async (id: string): Promise<Changed | undefined> => {
    const current = await profiles.find(id);
    if (current === null || !isActiveAdmin(current) || !(await isConfirmedAdmin(id))) return undefined;
    const raised = await accounts.change(current, {}, system);
    return raised === null ? undefined : { account: raised, outcome: await relay.attempt(raised) };
  };
}
