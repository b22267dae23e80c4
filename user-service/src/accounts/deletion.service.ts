import { Problem, problems } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import type { ProfileDocument, Receipt } from '../profiles/profile.model.ts';
import { accountChangesService, type Dependencies } from './account-changes.service.ts';

/**
 * The hard deletion of an account over three stores. First what can be taken back: notes-service is asked whether it is
 * there, the profile is marked, login is closed. Then what cannot: notes, credentials, profile. From there on a deletion
 * that gets stuck is carried on by its repeat.
 */
export function deletionService(context: Dependencies & Pick<Context, 'notesService'>) {
  const { accounts, authService, notesService, clock } = context;
  const { change, confirm } = accountChangesService(context);

  async function destroy(id: string): Promise<Receipt> {
    for (;;) {
      const account = await accounts.find(id);
      if (account === null) return receiptOf(id);
      if (account.deletion?.irrevocable === true) return carryOut(account);
      await notesService.ensureReady();
      const marked = await mark(account);
      // False when the mark has been taken back by another request for the deletion.
      if (marked !== undefined && (await accounts.makeIrrevocable(marked))) return carryOut(marked);
    }
  }

  async function receiptOf(id: string): Promise<Receipt> {
    const receipt = await accounts.findReceipt(id);
    if (receipt === undefined) throw new Problem(problems.notFound);
    return receipt;
  }

  /** The account as one that is being deleted; undefined if it has moved on since it was read. */
  async function mark(account: ProfileDocument): Promise<ProfileDocument | undefined> {
    if (account.status === 'deleting') return (await confirm(account)) ? account : undefined;
    const deletion = { requestedAt: clock(), irrevocable: false };
    return change(account, { status: 'deleting', deletion });
  }

  async function carryOut({ _id: id, deletion }: ProfileDocument): Promise<Receipt> {
    const { notes } = await notesService.erase(id);
    const { credentials, sessions } = await authService.erase(id);
    const completedAt = clock();
    const receipt = {
      requestedAt: deletion?.requestedAt ?? completedAt,
      completedAt,
      removed: { profile: 1, credentials, sessions, notes },
    };
    return (await accounts.bury(id, receipt)) ?? receipt;
  }

  return { destroy };
}
