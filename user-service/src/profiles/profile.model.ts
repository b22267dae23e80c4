import { Schema, type Connection } from 'mongoose';

/** What was destroyed of an account, and when. */
export interface Removed {
  profile: number;
  credentials: number;
  sessions: number;
  notes: number;
}

/** A hard deletion that has begun; once it is irrevocable it can only be carried on. */
export interface Deletion {
  requestedAt: Date;
  irrevocable: boolean;
}

export interface Receipt {
  requestedAt: Date;
  completedAt: Date;
  removed: Removed;
}

/** A profile, or the tombstone of one: an id that stays `absent`, so that no delayed call can bring it back. */
export interface ProfileDocument {
  _id: string;
  state: 'present' | 'absent';
  /** The number of auth-service's wish that this document follows. */
  version: number;
  email: string;
  emailVerified: boolean;
  username: string;
  usernameLower: string;
  role: 'user' | 'admin';
  status: 'active' | 'deactivated' | 'deleting';
  /** Grows with each change of role or status, which auth-service follows. */
  accountVersion: number;
  /** The latest version that auth-service is known to follow. */
  confirmedVersion: number;
  deletion: Deletion | null;
  bio: string | null;
  avatar: string | null;
  createdAt: Date;
  updatedAt: Date;
  absentSince: Date;
  /** Of a tombstone that a hard deletion has left. */
  receipt?: Receipt;
}

const tombstoneSeconds = 30 * 24 * 60 * 60;

const schema = new Schema<ProfileDocument>(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    version: Number,
    email: String,
    emailVerified: Boolean,
    username: String,
    usernameLower: String,
    role: String,
    status: String,
    accountVersion: Number,
    confirmedVersion: Number,
    deletion: Schema.Types.Mixed,
    bio: String,
    avatar: String,
    createdAt: Date,
    updatedAt: Date,
    absentSince: Date,
    receipt: Schema.Types.Mixed,
  },
  { collection: 'profiles', versionKey: false },
);
schema.index({ usernameLower: 1 }, { unique: true, sparse: true });
schema.index({ usernameLower: 1, _id: 1 });
schema.index({ createdAt: 1, _id: 1 });
schema.index({ email: 1, _id: 1 });
schema.index({ absentSince: 1 }, { expireAfterSeconds: tombstoneSeconds });

export type ProfileModel = Awaited<ReturnType<typeof profileModel>>;

/** The collection of the profiles. Resolves when its indexes stand. */
export async function profileModel(db: Connection) {
  const profiles = db.model('Profile', schema);
  await profiles.createIndexes();
  // Profiles from before there were changes for auth-service to follow.
  await profiles.updateMany(
    { state: 'present', accountVersion: null },
    { $set: { accountVersion: 1, confirmedVersion: 1, deletion: null } },
  );
  return profiles;
}
