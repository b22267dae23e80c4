import { isDeepStrictEqual } from 'node:util';
import { Problem, problems, readPage } from '@polyglot-notes/service-kit';
import type { Author } from '../profiles/account-events.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';
import type { ProfilesRepository } from '../profiles/profiles.repository.ts';
import { asUser } from '../profiles/profiles.service.ts';
import { positionsOf, type AccountListRepository } from './account-list.repository.ts';
import type { AccountsRepository } from './accounts.repository.ts';
import type { AccountChanges, AccountQuery } from './accounts.schemas.ts';
import type { ChangeAccount } from './change-account.ts';
import type { AccountRelay } from './restore-active-admin.ts';

export interface Dependencies {
  profiles: Pick<ProfilesRepository, 'find'>;
  accounts: Pick<AccountsRepository, 'revokeSessions'>;
  relay: AccountRelay;
  accountList: AccountListRepository;
  changeAccount: ChangeAccount;
}

export const createAccountsService = ({
  profiles,
  accounts,
  relay,
  accountList,
  changeAccount,
}: Dependencies) => ({
  async list({ limit, cursor, page, total, sort, search, role, status }: AccountQuery) {
    const filter = { search, role, status };
    const result = await readPage(
      { limit, cursor, page, total },
      {
        filter: { ...filter, sort },
        ...positionsOf(sort),
        read: (window) => accountList.page(filter, sort, window),
        count: () => accountList.count(filter),
      },
    );
    return { items: result.rows.map(asUser), page: result.page };
  },

  async get(id: string) {
    const account = await profiles.find(id);
    if (account === null) throw new Problem(problems.notFound);
    return asUser(account);
  },

  /** Returns the changed user, and whether auth-service has confirmed the role and the status that were asked for. */
  async patch(id: string, changes: AccountChanges, author: Author) {
    const mustDeliver = 'role' in changes || 'status' in changes;
    const decide = (before: ProfileDocument) => {
      if (before.status === 'deleting')
        throw new Problem(problems.notFound, { detail: 'The account is being deleted.' });
      return differences(before, changes);
    };
    const { account, outcome } = await changeAccount(id, decide, { mustDeliver, author });
    if (outcome === 'absent') throw new Problem(problems.notFound);
    return { user: asUser(account), isConfirmed: outcome !== undefined };
  },

  /** Deactivates the account of the caller. Returns whether auth-service has confirmed it. */
  async deactivate(id: string, author: Author): Promise<boolean> {
    const decide = ({ status }: ProfileDocument) => {
      if (status !== 'active') throw new Problem(problems.tokenRevoked);
      return { status: 'deactivated' as const };
    };
    const { outcome } = await changeAccount(id, decide, { author });
    return outcome !== undefined;
  },

  /** Ends all sessions of a user and revokes the access tokens. Returns whether auth-service has confirmed it. */
  async endSessions(id: string, author: Author): Promise<boolean> {
    const account = await accounts.revokeSessions(id, author);
    const outcome = account === null ? 'absent' : await relay.attempt(account);
    if (outcome === 'absent') throw new Problem(problems.notFound);
    return outcome !== undefined;
  },
});

function differences(account: ProfileDocument, changes: AccountChanges): AccountChanges {
  const current: Record<string, unknown> = { ...account };
  return Object.fromEntries(
    Object.entries(changes).filter(([name, value]) => !isDeepStrictEqual(value, current[name])),
  );
}
