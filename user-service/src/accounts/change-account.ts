import { Problem, problems, retryOnConflict } from '@polyglot-notes/service-kit';
import type { ActiveAdminsRepository } from '../active-admins/active-admins.repository.ts';
import { system, type Author } from '../profiles/account-events.ts';
import { isActiveAdmin } from '../profiles/account-state.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';
import type { ProfilesRepository } from '../profiles/profiles.repository.ts';
import type { AccountFields, AccountsRepository } from './accounts.repository.ts';
import type { AccountRelay, Changed, RestoreActiveAdmin } from './restore-active-admin.ts';

interface Dependencies {
  profiles: Pick<ProfilesRepository, 'find'>;
  accounts: Pick<AccountsRepository, 'edit' | 'change'>;
  activeAdmins: Pick<ActiveAdminsRepository, 'has' | 'remove'>;
  restoreActiveAdmin: RestoreActiveAdmin;
  relay: AccountRelay;
}

export type ChangeAccount = ReturnType<typeof createChangeAccount>['changeAccount'];

/** The one way in which a request changes role or status of an account, or hard-deletes it. */
export function createChangeAccount(dependencies: Dependencies) {
  const { profiles, accounts, activeAdmins, restoreActiveAdmin, relay } = dependencies;

  /**
   * Changes the fields that `decide` returns for the current account, and delivers the change. `decide` runs again when
   * the account changes meanwhile. `mustDeliver` also delivers what was pending before. Throws `not_found`, `last_admin`,
   * `username_taken`, what `decide` throws, and `service_unavailable` after ten rounds.
   */
  const changeAccount = (
    id: string,
    decide: (account: ProfileDocument) => AccountFields,
    { mustDeliver = true, author = system }: { mustDeliver?: boolean; author?: Author } = {},
  ): Promise<Changed> =>
    retryOnConflict(async () => {
      const before = await profiles.find(id);
      if (before === null) throw new Problem(problems.notFound);
      const fields = decide(before);
      if ('role' in fields || 'status' in fields) {
        const changed = await changeState(before, fields, author);
        return changed === null ? undefined : { account: changed, outcome: await relay.attempt(changed) };
      }
      const isEmpty = Object.keys(fields).length === 0;
      const account = isEmpty ? before : await accounts.edit(before, fields);
      if (account === null) return undefined;
      return mustDeliver ? deliverPending(account) : { account, outcome: 'applied' };
    });

  async function changeState(before: ProfileDocument, fields: AccountFields, author: Author) {
    const { role = before.role, status = before.status } = fields;
    const isLeaving = isActiveAdmin(before) && !isActiveAdmin({ role, status });
    if (!isLeaving) return accounts.change(before, fields, author);
    await activeAdmins.remove(before._id, before.accountVersion);
    let after: ProfileDocument | null = null;
    try {
      after = await accounts.change(before, fields, author);
      return after;
    } finally {
      if (after === null) await restoreActiveAdmin(before._id);
    }
  }

  async function deliverPending(account: ProfileDocument): Promise<Changed> {
    if (account.delivery !== undefined || account.status === 'deleting')
      return { account, outcome: await relay.attempt(account) };
    const isMissing = isActiveAdmin(account) && !(await activeAdmins.has(account._id));
    const restored = isMissing ? await restoreActiveAdmin(account._id) : undefined;
    return restored ?? { account, outcome: 'applied' };
  }

  return { changeAccount };
}
