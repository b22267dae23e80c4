import { Problem, problems } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import type { ProfileDocument, Receipt } from '../profiles/profile.model.ts';
import { accountChangesService, type Dependencies } from './account-changes.service.ts';
import type { Deletion } from './accounts.schemas.ts';

/**
 * The hard deletion of an account over three stores. Once the profile is marked it cannot be taken back, and goes on
 * until notes, credentials and profile are gone; a tombstone with the receipt stays.
 */
export function deletionService(context: Dependencies & Pick<Context, 'relay'>) {
  const { accounts, relay, clock } = context;
  const { change } = accountChangesService(context);

  /** The mark and the first attempt; undefined if the account has moved on since it was read. */
  async function begin(account: ProfileDocument) {
    if (account.status === 'deleting') return { account, outcome: await relay.attempt(account) };
    return change(account, { status: 'deleting', deletion: { requestedAt: clock() } });
  }

  async function ended(id: string): Promise<Deletion> {
    const receipt = await accounts.findReceipt(id);
    if (receipt === undefined) throw new Problem(problems.notFound);
    return completed(id, receipt);
  }

  return {
    async destroy(id: string): Promise<Deletion> {
      for (;;) {
        const account = await accounts.find(id);
        if (account === null) return ended(id);
        const begun = await begin(account);
        if (begun === undefined) continue;
        const { outcome } = begun;
        return outcome?.state === 'destroyed' ? completed(id, outcome.receipt) : pending(begun.account);
      }
    },

    async find(id: string): Promise<Deletion> {
      const account = await accounts.find(id);
      if (account === null) return ended(id);
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
  removed,
  requestedAt: requestedAt.toISOString(),
  completedAt: completedAt.toISOString(),
});
