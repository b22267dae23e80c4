import type { Marked, OpenDeliveries } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel } from './credential.model.ts';

const open = (isParked: boolean | undefined) => ({
  'delivery.since': { $exists: true },
  ...(isParked !== undefined && { 'delivery.dueAt': isParked ? null : { $ne: null } }),
});

/** The marks of the credentials that user-service does not follow yet, for the relay and for admins. */
export const deliveriesRepository = (credentials: CredentialModel) =>
  ({
    claim: (now: Date, until: Date): Promise<Credential | null> =>
      credentials
        .findOneAndUpdate(
          { 'delivery.dueAt': { $lte: now } },
          { $set: { 'delivery.dueAt': until } },
          { sort: { 'delivery.dueAt': 1 }, returnDocument: 'after' },
        )
        .lean<Credential>()
        .exec(),

    async postpone({ _id, version, delivery }: Credential, dueAt: Date | null, fault: string): Promise<void> {
      if (delivery === undefined) return;
      await credentials.updateOne(
        { _id, version, 'delivery.id': delivery.id },
        { $set: { 'delivery.dueAt': dueAt, 'delivery.fault': fault }, $inc: { 'delivery.attempts': 1 } },
      );
    },

    page: (isParked, { after, offset, limit }): Promise<Marked[]> =>
      credentials
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

    count: (isParked) => credentials.countDocuments(open(isParked)).exec(),

    // A registration that is under way is nobody's to end.
    async release(id) {
      await credentials.updateOne(
        {
          _id: id,
          'delivery.since': { $exists: true },
          $or: [{ state: { $ne: 'pending' } }, { 'delivery.dueAt': null }],
        },
        { $set: { 'delivery.dueAt': new Date() } },
      );
      return (await credentials.exists({ _id: id })) !== null;
    },
  }) satisfies OpenDeliveries & Record<string, unknown>;
