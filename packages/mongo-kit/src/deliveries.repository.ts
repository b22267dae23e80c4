import type { Delivery, Outbox, PendingDeliveries, PendingDelivery } from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';

interface PendingDocument {
  _id: string;
  delivery?: Delivery | undefined;
}

interface Options {
  clock: () => Date;
  /** Matches the documents whose delivery an admin may release. All by default. */
  releasable?: object;
}

const pending = (isParked?: boolean) => ({
  // $exists would read every document: the index has those without a delivery, too.
  'delivery.since': { $gt: new Date(0) },
  ...(isParked !== undefined && { 'delivery.dueAt': isParked ? null : { $ne: null } }),
});

const after = (position: { since: Date; id: string } | undefined) =>
  position && {
    $or: [
      { 'delivery.since': { $gt: position.since } },
      { 'delivery.since': position.since, _id: { $gt: position.id } },
    ],
  };

/**
 * The pending deliveries of the documents in a collection: for the relay, which claims, postpones and confirms them, and
 * for admins, who list and release them.
 */
export function createDeliveriesRepository<Item extends PendingDocument>(
  connection: Connection,
  collection: string,
  { clock, releasable = {} }: Options,
): Outbox<Item> &
  PendingDeliveries & {
    confirm(item: Item, update?: object): Promise<void>;
    /** The time of the oldest one; undefined when there is none. */
    oldest(isParked: boolean | undefined): Promise<Date | undefined>;
  } {
  const documents = connection.collection<PendingDocument>(collection);
  const page: PendingDeliveries['page'] = (isParked, { after: position, offset, limit }) =>
    documents
      .find({ ...pending(isParked), ...after(position) })
      .project<PendingDelivery>({ delivery: 1 })
      .sort({ 'delivery.since': 1, _id: 1 })
      .skip(offset)
      .limit(limit)
      .toArray();

  return {
    async claim(now, until) {
      const claimed = await documents.findOneAndUpdate(
        { 'delivery.dueAt': { $lte: now } },
        { $set: { 'delivery.dueAt': until } },
        { sort: { 'delivery.dueAt': 1 }, returnDocument: 'after' },
      );
      return claimed as Item | null;
    },

    async postpone({ _id, delivery }, dueAt, fault) {
      if (delivery === undefined) return false;
      const { matchedCount } = await documents.updateOne(
        { _id, 'delivery.id': delivery.id },
        { $set: { 'delivery.dueAt': dueAt, 'delivery.fault': fault }, $inc: { 'delivery.attempts': 1 } },
      );
      return matchedCount === 1;
    },

    /** Removes the delivery and applies `update`, unless the document has a newer delivery. */
    async confirm({ _id, delivery }, update = {}) {
      if (delivery === undefined) return;
      await documents.updateOne({ _id, 'delivery.id': delivery.id }, { $unset: { delivery: 1 }, ...update });
    },

    page,

    count: (isParked) => documents.countDocuments(pending(isParked)),

    async oldest(isParked) {
      const [oldest] = await page(isParked, { after: undefined, offset: 0, limit: 1 });
      return oldest?.delivery.since;
    },

    async release(id) {
      await documents.updateOne(
        { $and: [{ _id: id, ...pending() }, releasable] },
        { $set: { 'delivery.dueAt': clock() } },
      );
      return (await documents.countDocuments({ _id: id }, { limit: 1 })) > 0;
    },
  };
}
