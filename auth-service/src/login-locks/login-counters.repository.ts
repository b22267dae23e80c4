import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { retryOnConflict } from '@polyglot-notes/service-kit';
import { Schema, type Connection } from 'mongoose';
import { firstLockMs, longestLockMs, type LockRule } from './lock-rules.ts';

/** The failures of one key. It contains neither an email nor an address. */
export interface LoginCounter {
  _id: string;
  /** The account, if only its known devices or its sessions count here. */
  userId?: string;
  /** The failures, with the attempts whose password is being checked. */
  failures: number;
  lockedUntil: Date | null;
  /** Whether the latest attempt was counted. It was not if the key was locked. */
  isCounted: boolean;
  expiresAt: Date;
}

export type CounterKey = Pick<LoginCounter, '_id' | 'userId'>;

const schema = new Schema<LoginCounter>(
  {
    _id: { type: String, required: true },
    userId: String,
    failures: { type: Number, required: true },
    lockedUntil: Date,
    isCounted: { type: Boolean, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'loginCounters', versionKey: false },
);

export type LoginCountersRepository = ReturnType<typeof createLoginCountersRepository>;

export function createLoginCountersRepository(db: Connection, { clock }: { clock: () => Date }) {
  const counters = db.model('LoginCounter', schema);

  return {
    /** Counts an attempt unless the key is locked. The attempt that reaches the maximum of the rule begins a lock. */
    count: (key: CounterKey, rule: LockRule): Promise<LoginCounter> =>
      retryOnConflict(async () => {
        try {
          return await counters
            .findOneAndUpdate({ _id: key._id }, countAttempt(key, rule, clock()), {
              upsert: true,
              returnDocument: 'after',
              updatePipeline: true,
            })
            .lean<LoginCounter>()
            .orFail()
            .exec();
        } catch (error) {
          // Another first attempt has made the counter at this moment.
          if (isDuplicateKey(error)) return undefined;
          throw error;
        }
      }),

    /** Uncounts an attempt, and ends the lock that it began. */
    async takeBack(id: string): Promise<void> {
      const { deletedCount } = await counters.deleteOne({ _id: id, failures: { $lte: 1 } });
      if (deletedCount === 1) return;
      await counters.updateOne({ _id: id }, { $inc: { failures: -1 }, $set: { lockedUntil: null } });
    },

    async remove(id: string): Promise<void> {
      await counters.deleteOne({ _id: id });
    },

    async removeAllOf(userId: string): Promise<void> {
      await counters.deleteMany({ userId });
    },
  };
}

// Three steps in one write, for attempts at once: count the attempt, begin a lock, keep the counter until the lock ends.
function countAttempt({ userId }: CounterKey, { max, memoryMs, since }: LockRule, now: Date) {
  const isForgotten = { $lte: [{ $ifNull: ['$expiresAt', now] }, now] };
  const isLocked = { $gt: [{ $ifNull: ['$lockedUntil', now] }, now] };
  const isRefused = { $and: [{ $not: [isForgotten] }, isLocked] };
  const isRemembered = since === 'last' ? isRefused : { $not: [isForgotten] };
  const doublings = { $min: [10, { $subtract: ['$failures', max] }] };
  const lockMs = { $min: [longestLockMs, { $multiply: [firstLockMs, { $pow: [2, doublings] }] }] };
  return [
    {
      $set: {
        ...(userId !== undefined && { userId: { $literal: userId } }),
        isCounted: { $not: [isRefused] },
        failures: {
          $cond: [isForgotten, 1, { $cond: [isLocked, '$failures', { $add: ['$failures', 1] }] }],
        },
        expiresAt: { $cond: [isRemembered, '$expiresAt', new Date(now.getTime() + memoryMs)] },
        lockedUntil: { $cond: [isRefused, '$lockedUntil', null] },
      },
    },
    {
      $set: {
        lockedUntil: {
          $cond: [
            { $and: ['$isCounted', { $gte: ['$failures', max] }] },
            { $add: [now, lockMs] },
            '$lockedUntil',
          ],
        },
      },
    },
    { $set: { expiresAt: { $max: ['$expiresAt', '$lockedUntil'] } } },
  ];
}
