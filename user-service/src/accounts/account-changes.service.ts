import { Problem, problemType } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';
import { usernameTaken } from '../profiles/profiles.service.ts';
import type { Outcome } from './account-delivery.ts';
import type { AccountFields, Cuts } from './accounts.repository.ts';
import { isActiveAdmin } from '../active-admins/active-admins.repository.ts';

export const lastAdmin = problemType(409, 'last_admin', 'There would be no active admin left');

export type Dependencies = Pick<Context, 'accounts' | 'activeAdmins' | 'relay' | 'clock'>;

interface Changed {
  account: ProfileDocument;
  /** Undefined while other services do not follow: they will be told until they do. */
  outcome: Outcome | undefined;
}

/** Changes of role and status, which other services have to follow. */
export function accountChangesService({ accounts, activeAdmins, relay, clock }: Dependencies) {
  /**
   * Changes an account as it was read, and tells the others; undefined if it has moved on since.
   * Throws `last_admin`, `username_taken`.
   */
  async function change(before: ProfileDocument, fields: AccountFields): Promise<Changed | undefined> {
    const { _id: id, accountVersion: version } = before;
    const { role = before.role, status = before.status } = fields;
    const leaves = isActiveAdmin(before) && !isActiveAdmin({ role, status });
    if (leaves) {
      // Should this process die before the change is written, the relay finds the guard and lets them in again.
      const unguard = await accounts.guard(before);
      if (unguard === undefined) return undefined;
      const outcome = await activeAdmins.leave(id, version);
      if (outcome === 'last') {
        await unguard();
        throw new Problem(lastAdmin);
      }
      if (outcome === 'later') {
        // Somebody has moved the account on; or the gate is of a later moment than the account, which catches up so.
        await accounts.change(before, {}, {}, clock());
        return undefined;
      }
    }
    const account = await accounts.change(before, fields, cuts(before, { role, status }), clock());
    if (typeof account === 'object') return { account, outcome: await relay.attempt(account) };
    if (leaves) await returnToGate(id);
    if (account === 'username_taken') throw new Problem(usernameTaken);
    return undefined;
  }

  /** The same for an account that is asked to be what it is: the others may not have heard of it, or the gate. */
  async function reassert(account: ProfileDocument): Promise<Changed | undefined> {
    const { role, status } = account;
    if (isActiveAdmin(account) && !(await activeAdmins.has(account._id)))
      return change(account, { role, status });
    const isFollowed = account.delivery === undefined;
    return { account, outcome: isFollowed ? { state: 'followed' } : await relay.attempt(account) };
  }

  /** Takes somebody in again who has left the gate for a change that did not come about. */
  async function returnToGate(id: string): Promise<void> {
    const current = await accounts.find(id);
    // It is still guarded, or somebody else has moved it on and tells of it.
    if (current?.delivery?.isGuard === true) await relay.attempt(current);
  }

  return { change, reassert };
}

/** Whoever gets another role needs another token; whoever is switched off or destroyed has no session, either. */
function cuts(before: ProfileDocument, { role, status }: Pick<ProfileDocument, 'role' | 'status'>): Cuts {
  const isOut = status !== before.status && status !== 'active';
  return { access: isOut || role !== before.role ? 1 : 0, sessions: isOut ? 1 : 0 };
}
