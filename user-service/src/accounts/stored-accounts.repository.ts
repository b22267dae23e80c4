import { isActiveAdmin } from '../profiles/account-state.ts';
import type { ProfileDocument, ProfileModel, Receipt } from '../profiles/profile.model.ts';

export type StoredAccountsRepository = ReturnType<typeof createStoredAccountsRepository>;

/** Reads of accounts and of their tombstones. */
export const createStoredAccountsRepository = (profiles: ProfileModel) => ({
  find: (id: string): Promise<ProfileDocument | null> => profiles.findById(id).lean<ProfileDocument>().exec(),

  /** The accounts with this email, username or id, in any case: one at most, unless an email changes at this moment. */
  named: (name: string): Promise<ProfileDocument[]> => {
    const lower = name.toLowerCase();
    return profiles
      .find({ state: 'present', $or: [{ _id: lower }, { email: lower }, { usernameLower: lower }] })
      .lean<ProfileDocument[]>()
      .exec();
  },

  async findReceipt(id: string): Promise<Receipt | undefined> {
    const tombstone = await profiles.findOne({ _id: id, state: 'absent' }).lean<ProfileDocument>().exec();
    return tombstone?.receipt;
  },

  listAfter: (id: string, limit: number): Promise<ProfileDocument[]> =>
    profiles
      .find({ _id: { $gt: id } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<ProfileDocument[]>()
      .exec(),

  /** Of these ids, those of active admins without a pending delivery. */
  async settledAdmins(ids: string[]): Promise<ProfileDocument[]> {
    const found = await profiles
      .find({ _id: { $in: ids }, state: 'present', delivery: { $exists: false } })
      .lean<ProfileDocument[]>()
      .exec();
    return found.filter(isActiveAdmin);
  },
});
