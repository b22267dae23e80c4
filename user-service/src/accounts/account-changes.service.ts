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
    const { document, hasLeft, settle } = written;
    try {
      await tell(document);
    } catch (error) {
      await takeBack(before, document, fields, { hasLeft, error });
      throw error;
    }
    await accounts.confirm(document);
    await settle();
    return document;
  }

  /**
   * Makes sure that auth-service follows an account as it was read, and that an active admin counts; false if the
   * account has moved on since. Writes nothing when auth-service cannot be told.
   */
  async function confirm(account: ProfileDocument): Promise<boolean> {
    if (account.confirmedVersion !== account.accountVersion) {
      await tell(account);
      if (!(await accounts.confirm(account))) return false;
    }
    const isMissing = isActiveAdmin(account) && !(await adminGate.has(account._id));
    return isMissing ? enter(account) : true;
  }

  /** Takes an active admin into the gate, as long as the account is still the one that was read. */
  async function enter(account: ProfileDocument): Promise<boolean> {
    const { _id: id } = account;
    const ticket = await adminGate.announce(id);
    // A new version, so that no change of the account as it was before comes about after this.
    const isStill = typeof (await accounts.change(account, {}, clock())) === 'object';
    if (isStill) await adminGate.admit(id, ticket);
    return isStill;
  }

  async function tell({ _id, accountVersion: version, role, status }: ProfileDocument): Promise<void> {
    const isKnown = await authService.putAccount(_id, { version, role, status });
    // A registration that is not complete, or was withdrawn a moment ago: it can be deleted, and nothing else.
    if (!isKnown && status !== 'deleting') throw new Problem(problems.notFound);
  }

  /** The change and its passage through the gate of the admins; `settle` lets a new admin count. */
  async function write(before: ProfileDocument, fields: AccountFields) {
    const { _id: id } = before;
    const { role = before.role, status = before.status } = fields;
    const becomesAdmin = isActiveAdmin({ role, status });
    const ticket = becomesAdmin ? await adminGate.announce(id) : undefined;
    const hasLeft = isActiveAdmin(before) && !becomesAdmin && (await leaveGate(id));
    const changed = await accounts.change(before, fields, clock());
    if (typeof changed === 'object') {
      const settle = async () => {
        if (ticket !== undefined) await adminGate.admit(id, ticket);
      };
      return { document: changed, hasLeft, settle };
    }
    if (hasLeft) await returnToGate(id);
    if (changed === 'username_taken') throw new Problem(usernameTaken);
    return undefined;
  }

  /** Whether somebody was in the gate who is not any more. Throws `last_admin` when nobody else is. */
  async function leaveGate(id: string): Promise<boolean> {
    const wasIn = await adminGate.has(id);
    if (!(await adminGate.leave(id))) throw new Problem(lastAdmin);
    return wasIn;
  }

  /** Takes somebody in again who has left the gate for a change that did not come about. */
  async function returnToGate(id: string): Promise<void> {
    const current = await accounts.find(id);
    if (current !== null && isActiveAdmin(current)) await enter(current);
  }

  /** Undoes a change, unless another has come upon it or auth-service has heard of it after all. */
  async function takeBack(
    before: ProfileDocument,
    after: ProfileDocument,
    fields: AccountFields,
    { hasLeft, error }: { hasLeft: boolean; error: unknown },
  ): Promise<void> {
    const names = Object.keys(fields) as (keyof AccountFields)[];
    const earlier: AccountFields = Object.fromEntries(names.map((name) => [name, before[name]]));
    const { _id: id } = after;
    const ticket = hasLeft ? await adminGate.announce(id) : undefined;
    const undone = await accounts.takeBack(after, earlier, clock());
    if (undone === undefined) return;
    if (ticket !== undefined) await adminGate.admit(id, ticket);
    const cannotKnow = error instanceof ServiceUnreachable && !error.mayHaveArrived;
    if (cannotKnow) return;
    background.run('auth-service may hold a change of an account that was taken back', async () => {
      await tell(undone);
      await accounts.confirm(undone);
    });
  }

  return { change, confirm };
}
