import { Problem, problems, retryOnConflict } from '@polyglot-notes/service-kit';
import type { ActiveAdminsRepository } from '../active-admins/active-admins.repository.ts';
import { isActiveAdmin } from '../profiles/account-state.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';
import type { ProfilesRepository } from '../profiles/profiles.repository.ts';
import type { AccountFields, AccountsRepository } from './accounts.repository.ts';

/** The result of a delivery: the other services apply the account, auth-service has no such account, or it is erased. */
export type Outcome = 'applied' | 'absent' | 'erased';

interface Dependencies {
  profiles: Pick<ProfilesRepository, 'find'>;
  accounts: Pick<AccountsRepository, 'edit' | 'change'>;
  activeAdmins: Pick<ActiveAdminsRepository, 'has' | 'remove'>;
  relay: { attempt(account: ProfileDocument): Promise<Outcome | undefined> };
}

interface Changed {
  account: ProfileDocument;
  /** Undefined while the delivery to the other services is pending or parked. */
  outcome: Outcome | undefined;
}

export type ChangeAccount = ReturnType<typeof createChangeAccount>;

/** The one way to change an account: role, status, profile fields and hard deletion. */
export function createChangeAccount({ profiles, accounts, activeAdmins, relay }: Dependencies) {
  /**
   * Changes the fields that `decide` returns for the current account, and delivers the change. `decide` runs again when
   * the account changes meanwhile. Throws `not_found`, `last_admin`, `username_taken`, what `decide` throws, and
   * `service_unavailable` after ten rounds.
   */
  const changeAccount = (id: string, decide: (account: ProfileDocument) => AccountFields): Promise<Changed> =>
    retryOnConflict(async () => {
      const before = await profiles.find(id);
      if (before === null) throw new Problem(problems.notFound);
      const fields = decide(before);
      if (Object.keys(fields).length === 0) return deliverAgain(before);
      const isLocal = !('role' in fields || 'status' in fields);
      if (isLocal) {
        const edited = await accounts.edit(before, fields);
        return edited === null ? undefined : { account: edited, outcome: settledOutcome(edited) };
      }
      const changed = await changeState(before, fields);
      return changed === null ? undefined : { account: changed, outcome: await relay.attempt(changed) };
    });

  async function changeState(before: ProfileDocument, fields: AccountFields) {
    const { role = before.role, status = before.status } = fields;
    const isLeaving = isActiveAdmin(before) && !isActiveAdmin({ role, status });
    if (!isLeaving) return accounts.change(before, fields);
    await activeAdmins.remove(before._id, before.accountVersion);
    let after: ProfileDocument | null = null;
    try {
      after = await accounts.change(before, fields);
      return after;
    } finally {
      if (after === null) await restoreActiveAdmin(before._id);
    }
  }

  /** Adds an active admin to the set again whose removal was not followed by a change. A new version makes that safe. */
  async function restoreActiveAdmin(id: string): Promise<Changed | undefined> {
    const current = await profiles.find(id);
    if (current === null || !isActiveAdmin(current)) return undefined;
    const raised = await accounts.change(current, {});
    return raised === null ? undefined : { account: raised, outcome: await relay.attempt(raised) };
  }

  async function deliverAgain(account: ProfileDocument): Promise<Changed | undefined> {
    if (account.delivery !== undefined || account.status === 'deleting')
      return { account, outcome: await relay.attempt(account) };
    const isMissing = isActiveAdmin(account) && !(await activeAdmins.has(account._id));
    return isMissing ? restoreActiveAdmin(account._id) : { account, outcome: 'applied' };
  }

  return { changeAccount, restoreActiveAdmin };
}

const settledOutcome = ({ delivery }: ProfileDocument) => (delivery === undefined ? 'applied' : undefined);
