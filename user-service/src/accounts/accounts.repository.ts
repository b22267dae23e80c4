import { newDelivery } from '@polyglot-notes/service-kit';
import type { QueryFilter } from 'mongoose';
import { z } from 'zod';
import { isDuplicateKey, withLower, type ProfilesRepository } from '../profiles/profiles.repository.ts';
import type { ProfileDocument, ProfileModel, Receipt } from '../profiles/profile.model.ts';
import type { SortName } from './accounts.schemas.ts';

/** What a change of an account may set. */
export type AccountFields = {
  [Name in 'username' | 'bio' | 'avatar' | 'role' | 'status' | 'deletion']?:
    | ProfileDocument[Name]
    | undefined;
};

/** How many cuts a change makes: of access, and of sessions as well. */
export interface Cuts {
  access?: number;
  sessions?: number;
}

export interface AccountFilter {
  /** A text that the email or the username contains, in lower case. */
  search: string | undefined;
  role: ProfileDocument['role'] | undefined;
  status: ProfileDocument['status'] | undefined;
}

interface Window {
  after: Position | undefined;
  offset: number;
  limit: number;
}

const byTime = z.tuple([z.int().min(0).max(8.64e15), z.string()]);
const byName = z.tuple([z.string(), z.string()]);

const orders = {
  createdAt: { field: 'createdAt', direction: 1, position: byTime },
  '-createdAt': { field: 'createdAt', direction: -1, position: byTime },
  username: { field: 'usernameLower', direction: 1, position: byName },
  email: { field: 'email', direction: 1, position: byName },
} as const;

/** Where an account is in a list: the value that it is sorted by, times in milliseconds, and its id. */
type Position = readonly [value: number | string, id: string];

/** The account if it is still the one that was read, and is not being deleted. */
const unmoved = ({ _id, accountVersion }: ProfileDocument) => ({
  _id,
  accountVersion,
  state: 'present' as const,
  status: { $ne: 'deleting' as const },
});

export type AccountsRepository = ReturnType<typeof accountsRepository>;

/** The same documents as accounts: their role and status, and all of them for admins. */
export function accountsRepository(
  profiles: ProfileModel,
  { findPresent }: ProfilesRepository,
  leaseMs: number,
) {
  async function findReceipt(id: string): Promise<Receipt | undefined> {
    const tombstone = await profiles
      .findOne({ _id: id, state: 'absent' })
      .lean<Pick<ProfileDocument, 'receipt'>>()
      .exec();
    return tombstone?.receipt;
  }

  return {
    findReceipt,

    find: findPresent,

    /** The account or its tombstone. */
    findHeld: (id: string): Promise<ProfileDocument | null> =>
      profiles.findById(id).lean<ProfileDocument>().exec(),

    /** All accounts and tombstones by id, those after one. */
    after: (id: string, limit: number): Promise<ProfileDocument[]> =>
      profiles
        .find({ _id: { $gt: id } })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<ProfileDocument[]>()
        .exec(),

    /**
     * Changes the account if it is still the one that was read, and is not being deleted, and marks it as one that
     * auth-service has to follow. Undefined if it has moved on; `username_taken` if the name is another's.
     */
    async change(
      account: ProfileDocument,
      fields: AccountFields,
      { access = 0, sessions = 0 }: Cuts,
      now: Date,
    ): Promise<ProfileDocument | undefined | 'username_taken'> {
      const isVisible = Object.keys(fields).length > 0;
      const delivery = newDelivery(leaseMs);
      try {
        const changed = await profiles
          .findOneAndUpdate(
            unmoved(account),
            {
              $set: { ...withLower(fields), delivery, ...(isVisible && { updatedAt: now }) },
              // Tokens from before end here at once, and for good; auth-service counts the same when it follows.
              $inc: {
                accountVersion: 1,
                accessRevocations: access,
                sessionRevocations: sessions,
                minVer: access,
              },
            },
            { returnDocument: 'after' },
          )
          .lean<ProfileDocument>()
          .exec();
        return changed ?? undefined;
      } catch (error) {
        if (isDuplicateKey(error)) return 'username_taken';
        throw error;
      }
    },

    /**
     * Marks an account that is about to be changed, if it is still the one that was read; undefined if it has moved on.
     * Gives back what puts the mark from before in its place, should the change be refused.
     */
    async guard(account: ProfileDocument): Promise<(() => Promise<void>) | undefined> {
      const { _id, delivery } = account;
      const guard = { ...newDelivery(leaseMs), isGuard: true };
      const { matchedCount } = await profiles.updateOne(unmoved(account), { $set: { delivery: guard } });
      if (matchedCount === 0) return undefined;
      return async () => {
        await profiles.updateOne(
          { _id, 'delivery.id': guard.id },
          delivery === undefined ? { $unset: { delivery: 1 } } : { $set: { delivery } },
        );
      };
    },

    /**
     * Makes the account, which is still the one that was read, a later one than any store holds, and marks it. False if
     * it has moved on.
     */
    async supersede(
      account: ProfileDocument,
      later: Pick<
        ProfileDocument,
        'role' | 'status' | 'accountVersion' | 'accessRevocations' | 'sessionRevocations'
      >,
      now: Date,
    ): Promise<boolean> {
      const { matchedCount } = await profiles.updateOne(unmoved(account), {
        $set: { ...later, updatedAt: now, delivery: newDelivery(0) },
      });
      return matchedCount === 1;
    },

    /** Takes the mark away, unless the account has moved on since, and keeps the version that tokens need. */
    async confirm({ _id, accountVersion, delivery }: ProfileDocument, minVer: number): Promise<void> {
      if (delivery === undefined) return;
      await profiles.updateOne(
        { _id, accountVersion, 'delivery.id': delivery.id },
        { $unset: { delivery: 1 }, $max: { minVer } },
      );
    },

    /** Leaves a tombstone with the receipt in the place of the profile; gives back the receipt that is there then. */
    async bury(id: string, receipt: Receipt): Promise<Receipt | undefined> {
      await profiles.replaceOne(
        { _id: id, state: 'present', status: 'deleting' },
        { _id: id, state: 'absent', absentSince: receipt.completedAt, receipt },
      );
      return findReceipt(id);
    },

    page: (
      filter: AccountFilter,
      sort: SortName,
      { after, offset, limit }: Window,
    ): Promise<ProfileDocument[]> => {
      const { field, direction } = orders[sort];
      return profiles
        .find({ $and: [matching(filter), after === undefined ? {} : comesAfter(sort, after)] })
        .sort({ [field]: direction, _id: direction })
        .skip(offset)
        .limit(limit)
        .lean<ProfileDocument[]>()
        .exec();
    },

    count: (filter: AccountFilter): Promise<number> => profiles.countDocuments(matching(filter)).exec(),
  };
}

/** How a cursor says where an account is in a list of this order. */
export const positionsOf = (sort: SortName) => ({
  position: orders[sort].position as z.ZodType<Position>,
  positionOf: (account: ProfileDocument): Position => {
    const value = account[orders[sort].field];
    return [value instanceof Date ? value.getTime() : value, account._id];
  },
});

function comesAfter(sort: SortName, [value, id]: Position): QueryFilter<ProfileDocument> {
  const { field, direction } = orders[sort];
  const beyond = direction === 1 ? '$gt' : '$lt';
  const last = typeof value === 'number' ? new Date(value) : value;
  return { $or: [{ [field]: { [beyond]: last } }, { [field]: last, _id: { [beyond]: id } }] };
}

function matching({ search, role, status }: AccountFilter): QueryFilter<ProfileDocument> {
  const text = search === undefined ? undefined : { $regex: escapeRegExp(search) };
  return {
    state: 'present',
    ...(role !== undefined && { role }),
    ...(status !== undefined && { status }),
    ...(text && { $or: [{ email: text }, { usernameLower: text }] }),
  };
}

// Not RegExp.escape: MongoDB's regular expressions do not know all of its escapes.
const escapeRegExp = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
