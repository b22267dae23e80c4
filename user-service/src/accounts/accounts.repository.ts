import { newDelivery } from '@polyglot-notes/service-kit';
import { eventsOf, newEvent, withEvents, type Author } from '../profiles/account-events.ts';
import type { AccountState } from '../profiles/account-state.ts';
import type { ProfileDocument, ProfileModel, Receipt } from '../profiles/profile.model.ts';
import { asUsernameTaken, withDerived } from '../profiles/usernames.ts';

export type AccountFields = {
  [Name in 'username' | 'bio' | 'avatar' | 'role' | 'status' | 'deletion']?:
    | ProfileDocument[Name]
    | undefined;
};

type Read = Pick<ProfileDocument, '_id' | 'accountVersion'>;

/** Updates an account that is not being deleted, and with a version only while it has that version. */
const updateAccount = (
  profiles: ProfileModel,
  { _id, ...version }: Pick<Read, '_id'> & Partial<Read>,
  change: object,
): Promise<ProfileDocument | null> =>
  profiles
    .findOneAndUpdate({ _id, ...version, state: 'present', status: { $ne: 'deleting' } }, change, {
      returnDocument: 'after',
    })
    .lean<ProfileDocument>()
    .exec();

interface Options {
  leaseMs: number;
  clock: () => Date;
}

export type AccountsRepository = ReturnType<typeof createAccountsRepository>;

/** The writes of accounts. Those that get an account as it was read return null when it has changed. */
export function createAccountsRepository(profiles: ProfileModel, { leaseMs, clock }: Options) {
  const update = ({ _id, accountVersion }: Read, change: object) =>
    updateAccount(profiles, { _id, accountVersion }, change);

  return {
    /** Changes fields that only this service stores. Throws `username_taken`. */
    async edit(account: ProfileDocument, fields: AccountFields): Promise<ProfileDocument | null> {
      try {
        return await update(account, { $set: { ...withDerived(fields), updatedAt: clock() } });
      } catch (error) {
        throw asUsernameTaken(error);
      }
    },

    /**
     * Changes an account, raises its version and adds the delivery to auth-service. Revokes access when the role or the
     * status changes, and sessions when the status does. Throws `username_taken`.
     */
    async change(
      account: ProfileDocument,
      fields: AccountFields,
      author: Author,
    ): Promise<ProfileDocument | null> {
      const now = clock();
      const { role = account.role, status = account.status } = fields;
      const sessions = status !== account.status && status !== 'active' ? 1 : 0;
      const access = sessions === 1 || role !== account.role ? 1 : 0;
      const isVisible = Object.keys(fields).length > 0;
      try {
        return await update(account, {
          $set: {
            ...withDerived(fields),
            delivery: newDelivery(leaseMs, now),
            ...(isVisible && { updatedAt: now }),
          },
          // Earlier tokens are invalid here at once. auth-service counts the same when it applies the state.
          $inc: {
            accountVersion: 1,
            accessRevocations: access,
            sessionRevocations: sessions,
            accessVersion: access,
          },
          ...withEvents(eventsOf(account, { role, status }, author, now)),
        });
      } catch (error) {
        throw asUsernameTaken(error);
      }
    },

    /**
     * Revokes access and sessions, raises the version and adds the delivery to auth-service. Null when there is no such
     * account or it is being deleted.
     */
    revokeSessions(id: string, author: Author): Promise<ProfileDocument | null> {
      const now = clock();
      return updateAccount(
        profiles,
        { _id: id },
        {
          $set: { delivery: newDelivery(leaseMs, now) },
          $inc: { accountVersion: 1, accessRevocations: 1, sessionRevocations: 1, accessVersion: 1 },
          ...withEvents([newEvent('sessions_ended', author, now)]),
        },
      );
    },

    /** Replaces the account state, with a version that is higher than any stored one. */
    replaceState: (account: ProfileDocument, state: AccountState) => {
      const now = clock();
      return update(account, { $set: { ...state, updatedAt: now, delivery: newDelivery(0, now) } });
    },

    /** Removes the address and the agent of an erased user from events that wait in other accounts. */
    async forgetAuthor(actorId: string): Promise<void> {
      const waiting = await profiles
        .find({ 'delivery.since': { $gt: new Date(0) }, 'events.actorId': actorId })
        .select('_id')
        .lean<{ _id: string }[]>()
        .exec();
      const origin = { 'events.$[one].address': null, 'events.$[one].userAgent': null };
      for (const { _id } of waiting)
        await profiles.updateOne({ _id }, { $set: origin }, { arrayFilters: [{ 'one.actorId': actorId }] });
    },

    /** Leaves a tombstone with the receipt in place of an account that is being deleted. */
    async leaveTombstone(id: string, receipt: Receipt): Promise<void> {
      await profiles.replaceOne(
        { _id: id, state: 'present', status: 'deleting' },
        { _id: id, state: 'absent', absentSince: receipt.completedAt, receipt },
      );
    },
  };
}
