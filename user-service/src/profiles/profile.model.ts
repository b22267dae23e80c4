import { newDelivery, type Delivery } from '@polyglot-notes/service-kit';
import { Schema, type Connection } from 'mongoose';

/** What was destroyed of an account, and when. */
export interface Removed {
  profile: number;
  credentials: number;
  sessions: number;
  notes: number;
}

/** A hard deletion that has begun: it cannot be taken back. */
export interface Deletion {
  requestedAt: Date;
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
  /** How often those who were logged in were cut off, and how often their sessions ended, too. */
  accessRevocations: number;
  sessionRevocations: number;
  /** The least version of access that a token needs, as auth-service last said. */
  minVer: number;
  /** There until auth-service follows the account as it is; of one that is being deleted, until that is done. */
  delivery?: Delivery;
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
    accessRevocations: Number,
    sessionRevocations: Number,
    minVer: Number,
    delivery: Schema.Types.Mixed,
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
schema.index({ 'delivery.dueAt': 1 }, { sparse: true });
schema.index({ 'delivery.since': 1, _id: 1 });
schema.index({ absentSince: 1 }, { expireAfterSeconds: tombstoneSeconds });

export type ProfileModel = Awaited<ReturnType<typeof profileModel>>;

/** The collection of the profiles. Resolves when its indexes stand. */
export async function profileModel(db: Connection) {
  const profiles = db.model('Profile', schema);
  await profiles.createIndexes();
  // Profiles from before there were changes for auth-service to follow, and from before they were marked.
  await profiles.updateMany(
    { state: 'present', accountVersion: null },
    { $set: { accountVersion: 1, confirmedVersion: 1, deletion: null } },
    { strict: false },
  );
  const unmarked = { state: 'present' as const, minVer: null };
  await profiles.updateMany(
    {
      ...unmarked,
      $or: [{ status: 'deleting' }, { $expr: { $ne: ['$confirmedVersion', '$accountVersion'] } }],
    },
    { $set: { delivery: newDelivery(0) } },
  );
  await profiles.updateMany(
    unmarked,
    {
      $set: { accessRevocations: 0, sessionRevocations: 0, minVer: 1 },
      $unset: { confirmedVersion: 1, 'deletion.irrevocable': 1 },
    },
    { strict: false },
  );
  return profiles;
}
