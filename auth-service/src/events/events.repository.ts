import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import type { Connection } from 'mongoose';
import type { EventIntent, EventType } from '../credentials/event-intents.ts';

export const collectionName = 'events';

type StoredEvent = Omit<EventIntent, 'id'> & { _id: string };

export interface EventFilter {
  userId: string | undefined;
  type: EventType | undefined;
  from: Date | undefined;
  to: Date | undefined;
}

interface Window {
  after: { at: Date; id: string } | undefined;
  offset: number;
  limit: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

interface Range {
  $gte: Date;
  $lt: Date;
}

interface Options {
  clock: () => Date;
  auditDays: number;
}

export type EventsRepository = ReturnType<typeof createEventsRepository>;

/** The audit trail. Its events never change, except that they lose the personal data of an erased account. */
export function createEventsRepository(db: Connection, { clock, auditDays }: Options) {
  const events = db.collection<StoredEvent>(collectionName);
  const oldest = () => new Date(clock().getTime() - auditDays * dayMs);

  return {
    /** Adds an event, unless it was added before. */
    async insert({ id, ...event }: EventIntent): Promise<void> {
      try {
        await events.insertOne({ _id: id, ...event });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },

    /** One page, the newest first. */
    async page(filter: EventFilter, { after, offset, limit }: Window): Promise<EventIntent[]> {
      const matches = matching(filter, oldest());
      const found: StoredEvent[] = [];
      for (const at of offset > 0 ? [{}] : rangesBefore(after, matches.at, clock())) {
        const part = events.find({ ...matches, ...at }).hint(indexOf(filter));
        const page = part.sort({ at: -1, _id: -1 }).skip(offset);
        found.push(...(await page.limit(limit - found.length).toArray()));
        if (found.length === limit) break;
      }
      return found.map(({ _id, ...event }) => ({ id: _id, ...event }));
    },

    count: (filter: EventFilter): Promise<number> =>
      events.countDocuments(matching(filter, oldest()), { hint: indexOf(filter) }),

    /** Removes addresses, agents and details from the events of an erased account, and what it has left in those of others. */
    async forget(userId: string): Promise<void> {
      const origin = { address: null, userAgent: null };
      await events.updateMany({ userId }, { $set: { ...origin, details: {} } });
      await events.updateMany({ actorId: userId }, { $set: origin });
    },

    /** Returns how many there were. */
    async removeExpired(): Promise<number> {
      const { deletedCount } = await events.deleteMany({ at: { $lt: oldest() } });
      return deletedCount;
    },
  };
}

const endOfTime = new Date(8.64e15);

const matching = ({ userId, type, from, to = endOfTime }: EventFilter, oldest: Date) => ({
  ...(userId !== undefined && { userId }),
  ...(type !== undefined && { type }),
  at: { $gte: from !== undefined && from > oldest ? from : oldest, $lt: to },
});

const firstRangeMs = 1_000;
const growth = 8;

/**
 * The times that a page is read from, one after the other: each is eight times as long as the one before. DocumentDB does
 * not read an index in its order. It sorts all that a filter matches, which is so at most a few times the page.
 */
function* rangesBefore(after: Window['after'], { $gte: begin, $lt }: Range, now: Date) {
  if (after !== undefined) yield { at: after.at, _id: { $lt: after.id } };
  let end = after?.at ?? $lt;
  const last = Math.min(end.getTime(), now.getTime());
  for (let ms = firstRangeMs; end > begin; ms *= growth) {
    const start = new Date(Math.max(begin.getTime(), last - ms));
    yield { at: { $gte: start, $lt: end } };
    end = start;
  }
}

// DocumentDB would also read entries of the other indexes.
const indexOf = ({ userId, type }: EventFilter) => ({
  ...(userId !== undefined && { userId: 1 as const }),
  ...(type !== undefined && { type: 1 as const }),
  at: 1 as const,
  _id: 1 as const,
});
