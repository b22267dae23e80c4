import type { Delivery } from '@polyglot-notes/service-kit';
import { Schema, type Connection } from 'mongoose';
import type { AccountEvent } from './account-events.ts';
import type { AccountState } from './account-state.ts';

/** How many records a hard deletion removed. */
interface Removed {
  profile: number;
  credentials: number;
  sessions: number;
  /** All notes, those in the trash included. */
  notes: number;
  /** Receipts of earlier versions lack these. */
  trashedNotes?: number;
  noteVersions?: number;
  idempotencyKeys?: number;
}

export interface Receipt {
  requestedAt: Date;
  completedAt: Date;
  removed: Removed;
}

/** A profile, or the tombstone of one: its id stays `absent`, so no delayed call can create it again. */
export interface ProfileDocument extends AccountState {
  _id: string;
  state: 'present' | 'absent';
  /** The version of the email and access state that auth-service decides. */
  profileVersion: number;
  email: string;
  emailVerified: boolean;
  username: string;
  usernameLower: string;
  /** For the search. They are not read. */
  emailGrams?: string[];
  usernameGrams?: string[];
  /** The lowest access version of a valid token, as far as this service knows. */
  accessVersion: number;
  /** Present until auth-service confirms the account state, or until the hard deletion is complete. */
  delivery?: Delivery;
  /** The events that auth-service has not confirmed with the state. */
  events?: AccountEvent[];
  /** A hard deletion in progress. It cannot be cancelled. */
  deletion: { requestedAt: Date } | null;
  bio: string | null;
  avatar: string | null;
  createdAt: Date;
  updatedAt: Date;
  absentSince: Date;
  /** On the tombstone of a hard deletion. */
  receipt?: Receipt;
}

export const collectionName = 'profiles';

const grams = { type: [String], default: undefined, select: false };

const schema = new Schema<ProfileDocument>(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    profileVersion: Number,
    email: String,
    emailVerified: Boolean,
    username: String,
    usernameLower: String,
    emailGrams: grams,
    usernameGrams: grams,
    role: String,
    status: String,
    accountVersion: Number,
    accessRevocations: Number,
    sessionRevocations: Number,
    accessVersion: Number,
    delivery: Schema.Types.Mixed,
    events: { type: [Schema.Types.Mixed], default: undefined },
    deletion: Schema.Types.Mixed,
    bio: String,
    avatar: String,
    createdAt: Date,
    updatedAt: Date,
    absentSince: Date,
    receipt: Schema.Types.Mixed,
  },
  { collection: collectionName, versionKey: false },
);

export type ProfileModel = ReturnType<typeof createProfileModel>;

export const createProfileModel = (db: Connection) => db.model('Profile', schema);
