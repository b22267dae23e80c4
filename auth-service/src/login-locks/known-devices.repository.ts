import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Schema, type Connection } from 'mongoose';

/** A network from which an account was used. The network is only in the HMAC that is the id. */
interface KnownDevice {
  _id: string;
  userId: string;
  expiresAt: Date;
}

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

    hasOther: async (id: string, userId: string): Promise<boolean> =>
      (await devices.exists({ userId, _id: { $ne: id }, expiresAt: { $gt: clock() } })) !== null,

    async removeAllOf(userId: string): Promise<void> {
      await devices.deleteMany({ userId });
    },
  };
}
