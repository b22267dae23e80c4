import { Problem, problems } from '@polyglot-notes/service-kit';
import type { Author } from '../profiles/account-events.ts';
import type { ProfileDocument, Receipt } from '../profiles/profile.model.ts';
import type { ProfilesRepository } from '../profiles/profiles.repository.ts';
import type { StoredAccountsRepository } from './stored-accounts.repository.ts';
import type { Deletion } from './accounts.schemas.ts';
import type { ChangeAccount } from './change-account.ts';

export interface Dependencies {
  profiles: Pick<ProfilesRepository, 'find'>;
  storedAccounts: Pick<StoredAccountsRepository, 'findReceipt'>;
  changeAccount: ChangeAccount;
  clock: () => Date;
}

/**
 * The hard deletion of an account in three stores. Once the account is `deleting`, it continues until notes, credentials
 * and profile are erased. A tombstone with the receipt stays.
 */
export function createDeletionService({ profiles, storedAccounts, changeAccount, clock }: Dependencies) {
  async function receiptOf(id: string): Promise<Deletion> {
    const receipt = await storedAccounts.findReceipt(id);
    if (receipt === undefined) throw new Problem(problems.notFound);
    return completed(id, receipt);
  }

  return {
    async hardDelete(id: string, author: Author): Promise<Deletion> {
      const decide = ({ status }: ProfileDocument) =>
        status === 'deleting' ? {} : { status: 'deleting' as const, deletion: { requestedAt: clock() } };
      try {
        const { account, outcome } = await changeAccount(id, decide, { author });
        return outcome === 'erased' ? await receiptOf(id) : pending(account);
      } catch (error) {
        if (error instanceof Problem && error.type === problems.notFound) return receiptOf(id);
        throw error;
      }
    },

    async find(id: string): Promise<Deletion> {
      const account = await profiles.find(id);
      if (account === null) return receiptOf(id);
      if (account.status !== 'deleting') throw new Problem(problems.notFound);
      return pending(account);
    },
  };
}

const pending = ({ _id: id, deletion, updatedAt }: ProfileDocument) => ({
  id,
  state: 'pending' as const,
  requestedAt: (deletion?.requestedAt ?? updatedAt).toISOString(),
});

const completed = (id: string, { requestedAt, completedAt, removed }: Receipt) => ({
  id,
  state: 'completed' as const,
  removed: { trashedNotes: 0, noteVersions: 0, idempotencyKeys: 0, ...removed },
  requestedAt: requestedAt.toISOString(),
  completedAt: completedAt.toISOString(),
});
