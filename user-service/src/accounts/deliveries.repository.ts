import { newDelivery, type Marked, type OpenDeliveries } from '@polyglot-notes/service-kit';
import type { ProfileDocument, ProfileModel } from '../profiles/profile.model.ts';

const open = (isParked: boolean | undefined) => ({
  'delivery.since': { $exists: true },
  ...(isParked !== undefined && { 'delivery.dueAt': isParked ? null : { $ne: null } }),
});

/** The marks of the accounts that auth-service does not follow yet, for the relay and for admins. */
export const deliveriesRepository = (profiles: ProfileModel) =>
  ({
    claim: (now: Date, until: Date): Promise<ProfileDocument | null> =>
      profiles
        .findOneAndUpdate(
          { 'delivery.dueAt': { $lte: now } },
          { $set: { 'delivery.dueAt': until } },
          { sort: { 'delivery.dueAt': 1 }, returnDocument: 'after' },
        )
        .lean<ProfileDocument>()
        .exec(),

    async postpone(
      { _id, accountVersion, delivery }: ProfileDocument,
      dueAt: Date | null,
      fault: string,
    ): Promise<void> {
      if (delivery === undefined) return;
      await profiles.updateOne(
        { _id, accountVersion, 'delivery.id': delivery.id },
        { $set: { 'delivery.dueAt': dueAt, 'delivery.fault': fault }, $inc: { 'delivery.attempts': 1 } },
      );
    },

    page: (isParked, { after, offset, limit }): Promise<Marked[]> =>
      profiles
        .find({
          $and: [
            open(isParked),
            after === undefined
              ? {}
              : {
                  $or: [
                    { 'delivery.since': { $gt: after.since } },
                    { 'delivery.since': after.since, _id: { $gt: after.id } },
                  ],
                },
          ],
        })
        .sort({ 'delivery.since': 1, _id: 1 })
        .skip(offset)
        .limit(limit)
        .select('delivery')
        .lean<Marked[]>()
        .exec(),

    count: (isParked) => profiles.countDocuments(open(isParked)).exec(),

    async release(id) {
      await profiles.updateOne(
        { _id: id, 'delivery.since': { $exists: true } },
        { $set: { 'delivery.dueAt': new Date() } },
      );
      // A deletion without a mark would wait for ever.
      await profiles.updateOne(
        { _id: id, state: 'present', status: 'deleting', delivery: { $exists: false } },
        { $set: { delivery: newDelivery(0) } },
      );
      return (await profiles.exists({ _id: id })) !== null;
    },
  }) satisfies OpenDeliveries & Record<string, unknown>;
