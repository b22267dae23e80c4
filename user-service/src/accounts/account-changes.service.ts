import { Problem, problems, problemType, ServiceUnreachable } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';
import { usernameTaken } from '../profiles/profiles.service.ts';
import type { AccountFields } from './accounts.repository.ts';

export const lastAdmin = problemType(409, 'last_admin', 'There would be no active admin left');

export type Dependencies = Pick<Context, 'accounts' | 'adminGate' | 'authService' | 'background' | 'clock'>;
export type AccountChangesService = ReturnType<typeof accountChangesService>;

const isActiveAdmin = ({ role, status }: Pick<ProfileDocument, 'role' | 'status'>) =>
  role === 'admin' && status === 'active';

/** Changes of role and status, which auth-service has to follow before they are answered for. */
export function accountChangesService(context: Dependencies) {
  const { accounts, adminGate, authService, background, clock } = context;

  /**
   * Changes an account as it was read, and tells auth-service; undefined if it has moved on since. When auth-service
   * cannot be told, everything is as before and the failure is thrown. Throws `last_admin`, `username_taken`.
   */
  async function change(
    before: ProfileDocument,
    fields: AccountFields,
  ): Promise<ProfileDocument | undefined> {
    const written = await write(before, fields);
    if (written === undefined) return undefined;
    const { document, settle } = written;
    try {
      await tell(document);
    } catch (error) {
      await takeBack(before, document, fields, error);
      throw error;
    }
    await accounts.confirm(document);
    await settle();
    return document;
  }

  /**
   * Makes sure that auth-service follows an account as it was read, and that an active admin counts; false if the
   * account has moved on since.
   */
  async function confirm(account: ProfileDocument): Promise<boolean> {
    const mustEnter = isActiveAdmin(account) && !(await adminGate.has(account._id));
    if (mustEnter) return (await change(account, {})) !== undefined;
    if (account.confirmedVersion === account.accountVersion) return true;
    await tell(account);
    await accounts.confirm(account);
    return true;
  }

  async function tell({ _id, accountVersion: version, role, status }: ProfileDocument): Promise<void> {
    const isKnown = await authService.putAccount(_id, { version, role, status });
    // A registration that is not complete, or was withdrawn a moment ago.
    if (!isKnown) throw new Problem(problems.notFound);
  }

  /** The change and its passage through the gate of the admins; `settle` lets a new admin count. */
  async function write(before: ProfileDocument, fields: AccountFields) {
    const { _id: id } = before;
    const { role = before.role, status = before.status } = fields;
    const becomesAdmin = isActiveAdmin({ role, status });
    const leaves = isActiveAdmin(before) && !becomesAdmin;
    const ticket = becomesAdmin ? await adminGate.announce(id) : undefined;
    if (leaves && !(await adminGate.leave(id))) throw new Problem(lastAdmin);
    const changed = await accounts.change(before, fields, clock());
    if (changed === 'username_taken' || changed === undefined) {
      if (leaves) await returnToGate(id);
      if (changed === undefined) return undefined;
      throw new Problem(usernameTaken);
    }
    return {
      document: changed,
      settle: async () => {
        if (ticket !== undefined) await adminGate.admit(id, ticket);
      },
    };
  }

  /** Takes somebody in again who has left the gate for a change that did not come about. */
  async function returnToGate(id: string): Promise<void> {
    const current = await accounts.find(id);
    if (current === null || !isActiveAdmin(current)) return;
    const ticket = await adminGate.announce(id);
    if (typeof (await accounts.change(current, {}, clock())) === 'object') await adminGate.admit(id, ticket);
  }

  /** Undoes a change, unless another has come upon it or auth-service has heard of it after all. */
  async function takeBack(
    before: ProfileDocument,
    after: ProfileDocument,
    fields: AccountFields,
    reason: unknown,
  ): Promise<void> {
    const names = Object.keys(fields) as (keyof AccountFields)[];
    const earlier: AccountFields = Object.fromEntries(names.map((name) => [name, before[name]]));
    const { _id: id } = after;
    const ticket = isActiveAdmin(before) ? await adminGate.announce(id) : undefined;
    const undone = await accounts.takeBack(after, earlier, clock());
    if (undone === undefined) return;
    if (ticket !== undefined) await adminGate.admit(id, ticket);
    const cannotKnow = reason instanceof ServiceUnreachable && !reason.mayHaveArrived;
    if (cannotKnow) return;
    background.run('auth-service may hold a change of an account that was taken back', async () => {
      await tell(undone);
      await accounts.confirm(undone);
    });
  }

  return { change, confirm };
}
