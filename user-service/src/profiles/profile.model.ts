import { Schema, type Connection } from 'mongoose';

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
  bio: string | null;
  avatar: string | null;
  createdAt: Date;
  updatedAt: Date;
  absentSince: Date;
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
    bio: String,
    avatar: String,
    createdAt: Date,
    updatedAt: Date,
    absentSince: Date,
  },
  { collection: 'profiles', versionKey: false },
);
schema.index({ usernameLower: 1 }, { unique: true, sparse: true });
schema.index({ absentSince: 1 }, { expireAfterSeconds: tombstoneSeconds });

export const profileModel = (db: Connection) => db.model('Profile', schema);
