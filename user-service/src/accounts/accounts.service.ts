import { isDeepStrictEqual } from 'node:util';
import { Problem, problems, readPage } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';
import { asUser, usernameTaken } from '../profiles/profiles.service.ts';
import { accountChangesService, type Dependencies } from './account-changes.service.ts';
import { positionsOf } from './accounts.repository.ts';
import type { AccountChanges, AccountQuery } from './accounts.schemas.ts';

/** What admins do with accounts, and everyone with their own. */
export function accountsService(context: Dependencies & Pick<Context, 'profiles'>) {
  const { accounts, profiles, clock } = context;
  const { change, reassert } = accountChangesService(context);

  async function existing(id: string): Promise<ProfileDocument> {
    const account = await accounts.find(id);
    if (account === null) throw new Problem(problems.notFound);
    return account;
  }

  /** Username, bio and avatar are this service's own: no other has to be told. */
  async function editProfile(account: ProfileDocument, changes: AccountChanges): Promise<ProfileDocument> {
    const { role: _role, status: _status, ...fields } = changes;
    if (Object.keys(fields).length === 0) return account;
    const changed = await profiles.update(account._id, fields, clock());
    if (changed === 'username_taken') throw new Problem(usernameTaken);
    if (changed === null) throw new Problem(problems.notFound);
    return changed;
  }

  return {
    async list({ limit, cursor, page, total, sort, ...filter }: AccountQuery) {
      const { search, role, status } = filter;
      const where = { search, role, status };
      const result = await readPage(
        { limit, cursor, page, total },
        {
          filter: { ...where, sort },
          ...positionsOf(sort),
          read: (window) => accounts.page(where, sort, window),
          count: () => accounts.count(where),
        },
      );
      return { items: result.rows.map(asUser), page: result.page };
    },

    get: async (id: string) => asUser(await existing(id)),

    /** The user as it is now, and whether auth-service follows already. */
    async patch(id: string, changes: AccountChanges) {
      const concernsOthers = 'role' in changes || 'status' in changes;
      // Each round starts from what is there now; it is lost only to another change of the same account.
      for (;;) {
        const account = await existing(id);
        if (account.status === 'deleting')
          throw new Problem(problems.notFound, { detail: 'The account is being deleted.' });
        const different = differences(account, changes);
        const isProfile = !('role' in different || 'status' in different);
        if (!concernsOthers) return { user: asUser(await editProfile(account, different)), isFollowed: true };
        const changed = isProfile ? await reassert(account) : await change(account, different);
        if (changed === undefined) continue;
        if (changed.outcome?.state === 'absent') throw new Problem(problems.notFound);
        const now = isProfile ? await editProfile(changed.account, different) : changed.account;
        return { user: asUser(now), isFollowed: changed.outcome !== undefined };
      }
    },

    /** Switches one's own account off, notes and name are kept; whether auth-service follows already. */
    async deactivate(id: string): Promise<boolean> {
      for (;;) {
        const account = await accounts.find(id);
        if (account?.status !== 'active') throw new Problem(problems.tokenRevoked);
        const changed = await change(account, { status: 'deactivated' });
        if (changed !== undefined) return changed.outcome !== undefined;
      }
    },
  };
}

function differences(account: ProfileDocument, changes: AccountChanges): AccountChanges {
  const current: Record<string, unknown> = { ...account };
  return Object.fromEntries(
    Object.entries(changes).filter(([name, value]) => !isDeepStrictEqual(value, current[name])),
  );
}
