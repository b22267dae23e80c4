import { TimePosition } from '@polyglot-notes/service-kit';
import type { QueryFilter } from 'mongoose';
import { z } from 'zod';
import type { ProfileDocument, ProfileModel } from '../profiles/profile.model.ts';
import { searchedGrams } from '../profiles/search-grams.ts';
import type { SortName } from './accounts.schemas.ts';

interface AccountFilter {
  search: string | undefined;
  role: ProfileDocument['role'] | undefined;
  status: ProfileDocument['status'] | undefined;
}

interface Window {
  after: Position | undefined;
  offset: number;
  limit: number;
}

const byName = z.tuple([z.string(), z.string()]);

const orders = {
  createdAt: { field: 'createdAt', direction: 1, position: TimePosition },
  '-createdAt': { field: 'createdAt', direction: -1, position: TimePosition },
  username: { field: 'usernameLower', direction: 1, position: byName },
  email: { field: 'email', direction: 1, position: byName },
} as const;

/** A position in a sorted list: the sort value (times in milliseconds) and the id. */
type Position = readonly [value: number | string, id: string];

export type AccountListRepository = ReturnType<typeof createAccountListRepository>;

export const createAccountListRepository = (profiles: ProfileModel) => ({
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
});

/** The schema and the source of the position that a cursor of this order contains. */
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
  return {
    state: 'present',
    ...(role !== undefined && { role }),
    ...(status !== undefined && { status }),
    ...(search !== undefined && { $or: containing(search) }),
  };
}

/** The grams select candidates by an index. A search of one or two characters has none, and reads until its page is full. */
function containing(search: string): QueryFilter<ProfileDocument>[] {
  const text = { $regex: escapeRegExp(search) };
  const grams = searchedGrams(search);
  if (grams.length === 0) return [{ email: text }, { usernameLower: text }];
  return [
    { emailGrams: { $all: grams }, email: text },
    { usernameGrams: { $all: grams }, usernameLower: text },
  ];
}

// Not RegExp.escape: MongoDB does not know all of its escapes.
const escapeRegExp = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
