import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Schema, type Connection } from 'mongoose';

/** A network from which an account was used. The network is only in the HMAC that is the id. */
interface KnownDevice {
  _id: string;
  userId: string;
  expiresAt: Date;
}

const maxDevices = 50;
const lifetimeMs = 90 * 24 * 60 * 60 * 1_000;

const schema = new Schema<KnownDevice>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'knownDevices', versionKey: false },
);

export type KnownDevicesRepository = ReturnType<typeof createKnownDevicesRepository>;

export function createKnownDevicesRepository(db: Connection, { clock }: { clock: () => Date }) {
  const devices = db.model('KnownDevice', schema);
  return {
    has: async (id: string): Promise<boolean> =>
      (await devices.exists({ _id: id, expiresAt: { $gt: clock() } })) !== null,

    /** Returns false when the device was known already, or another call adds it at this moment. */
    async add(id: string, userId: string): Promise<boolean> {
      const now = clock();
      const expiresAt = new Date(now.getTime() + lifetimeMs);
      try {
        const before = await devices
          .findOneAndUpdate(
            { _id: id },
            { $set: { userId, expiresAt } },
            { upsert: true, returnDocument: 'before' },
          )
          .lean<KnownDevice>()
          .exec();
        return before === null || before.expiresAt <= now;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Makes a known device known for another 90 days. */
    async renew(id: string): Promise<void> {
      const now = clock();
      const expiresAt = new Date(now.getTime() + lifetimeMs);
      await devices.updateOne({ _id: id, expiresAt: { $gt: now } }, { $set: { expiresAt } });
    },

    /** Removes all but the fifty networks of an account that were used last. */
    async removeOldest(userId: string): Promise<void> {
      const oldest = await devices
        .find({ userId })
        .sort({ expiresAt: -1 })
        .skip(maxDevices)
        .lean<KnownDevice[]>()
        .exec();
      if (oldest.length > 0) await devices.deleteMany({ _id: { $in: oldest.map(({ _id }) => _id) } });
    },

    hasOther: async (id: string, userId: string): Promise<boolean> =>
      (await devices.exists({ userId, _id: { $ne: id }, expiresAt: { $gt: clock() } })) !== null,

    async removeAllOf(userId: string): Promise<void> {
      await devices.deleteMany({ userId });
    },
  };
}
