import { mongo, Schema, type Connection } from 'mongoose';

/**
 * What a person logs in with. A `pending` account has no confirmed profile yet and cannot be used; a `withdrawing` one
 * is on its way out and goes when user-service has confirmed that there is no profile.
 */
export interface Credential {
  _id: string;
  state: 'pending' | 'active' | 'withdrawing';
  /** Grows with each try to register; only the latest can activate or withdraw the account. */
  version: number;
  email: string;
  emailVerified: boolean;
  passwordHash: string;
  role: 'user' | 'admin';
  createdAt: Date;
}

const schema = new Schema<Credential>(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    version: { type: Number, required: true },
    email: { type: String, required: true },
    emailVerified: { type: Boolean, required: true },
    passwordHash: { type: String, required: true },
    role: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'credentials', versionKey: false },
);
schema.index({ email: 1 }, { unique: true });

export type CredentialsRepository = Awaited<ReturnType<typeof credentialsRepository>>;

/** The one file that knows the collection. Resolves when its indexes stand. */
export async function credentialsRepository(db: Connection) {
  const credentials = db.model('Credential', schema);
  await credentials.createIndexes();

  return {
    findByEmail: (email: string): Promise<Credential | null> =>
      credentials.findOne({ email }).lean<Credential>().exec(),

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
  };
}
