import { mongo, type Connection } from 'mongoose';
import {
  credentialModel,
  type AccountStatus,
  type Credential,
  type PasswordReset,
  type Role,
} from './credential.model.ts';

export type { Credential } from './credential.model.ts';

/** An account as user-service decides it; a higher version is a later decision. */
export interface AccountState {
  version: number;
  role: Role;
  status: AccountStatus;
}

const maxPasswordResets = 5;
const usable = { state: 'active', status: 'active' } as const;
const unexpired = (hash: string, now: Date) => ({
  ...usable,
  passwordResets: { $elemMatch: { hash, expiresAt: { $gt: now } } },
});

export type CredentialsRepository = Awaited<ReturnType<typeof credentialsRepository>>;

/** The one file that knows the collection. Resolves when its indexes stand. */
export async function credentialsRepository(db: Connection) {
  const credentials = credentialModel(db);
  await credentials.createIndexes();
  // Accounts from before there was a status.
  await credentials.updateMany(
    { status: null },
    { $set: { status: 'active', accountVersion: 1, passwordResets: [] } },
  );

  return {
    findByEmail: (email: string): Promise<Credential | null> =>
      credentials.findOne({ email }).lean<Credential>().exec(),

    /** The account if it can be used now: registered to the end and not switched off. */
    findUsable: (id: string): Promise<Credential | null> =>
      credentials
        .findOne({ _id: id, ...usable })
        .lean<Credential>()
        .exec(),

    hasActiveAdmin: async (): Promise<boolean> =>
      (await credentials.exists({ ...usable, role: 'admin' })) !== null,

    /** False when the email is taken. */
    async insert(credential: Credential): Promise<boolean> {
      try {
        await credentials.create(credential);
        return true;
      } catch (error) {
        if (error instanceof mongo.MongoServerError && error.code === 11_000) return false;
        throw error;
      }
    },

    /** Makes a pending account the caller's to carry on; null when it has changed since it was read. */
    takeOver: ({ _id, version }: Credential): Promise<Credential | null> =>
      credentials
        .findOneAndUpdate(
          { _id, state: 'pending', version },
          { $set: { version: version + 1 } },
          { returnDocument: 'after' },
        )
        .lean<Credential>()
        .exec(),

    /** Moves a pending account on if it is still the one that was read. */
    async move({ _id, version }: Credential, state: 'active' | 'withdrawing'): Promise<boolean> {
      const { matchedCount } = await credentials.updateOne(
        { _id, state: 'pending', version },
        { $set: { state } },
      );
      return matchedCount === 1;
    },

    async removeWithdrawn(id: string): Promise<void> {
      await credentials.deleteOne({ _id: id, state: 'withdrawing' });
    },

    /**
     * Keeps a token for a new password in the place of the oldest; false when the account cannot be used, or has as many
     * tokens as it may that still hold: nobody can flood a mailbox, or push out the token that its owner has.
     */
    async addPasswordReset(id: string, reset: PasswordReset, now: Date): Promise<boolean> {
      const last = `passwordResets.${maxPasswordResets - 1}`;
      const { matchedCount } = await credentials.updateOne(
        {
          _id: id,
          ...usable,
          $or: [{ [last]: { $exists: false } }, { 'passwordResets.0.expiresAt': { $lte: now } }],
        },
        { $push: { passwordResets: { $each: [reset], $slice: -maxPasswordResets } } },
      );
      return matchedCount === 1;
    },

    findByPasswordReset: (hash: string, now: Date): Promise<Credential | null> =>
      credentials.findOne(unexpired(hash, now)).lean<Credential>().exec(),

    /** Sets the password and ends all tokens for a new one, if this one still holds; false if it does not. */
    async resetPassword(hash: string, now: Date, passwordHash: string): Promise<boolean> {
      const { matchedCount } = await credentials.updateOne(unexpired(hash, now), {
        $set: { passwordHash, passwordResets: [] },
      });
      return matchedCount === 1;
    },

    /** Sets the password and ends all tokens for a new one; false if the password has changed since it was read. */
    async changePassword({ _id, passwordHash: current }: Credential, passwordHash: string): Promise<boolean> {
      const { matchedCount } = await credentials.updateOne(
        { _id, ...usable, passwordHash: current },
        { $set: { passwordHash, passwordResets: [] } },
      );
      return matchedCount === 1;
    },

    /**
     * Follows a decision of user-service unless a later one is followed already. The account now; null if there is none,
     * or if it is to be an admin and is not registered to the end: it may yet be withdrawn.
     */
    async applyState(id: string, { version, role, status }: AccountState): Promise<Credential | null> {
      const eligible = { _id: id, ...(role === 'admin' && { state: 'active' as const }) };
      await credentials.updateOne(
        { ...eligible, accountVersion: { $lt: version } },
        { $set: { role, status, accountVersion: version } },
      );
      return credentials.findOne(eligible).lean<Credential>().exec();
    },

    exists: async (id: string): Promise<boolean> => (await credentials.exists({ _id: id })) !== null,

    async remove(id: string): Promise<void> {
      await credentials.deleteOne({ _id: id });
    },
  };
}
