import { Schema, type Connection } from 'mongoose';

export type Role = 'user' | 'admin';
export type AccountStatus = 'active' | 'deactivated' | 'deleting';

/** A token for a new password, as its hash. */
export interface PasswordReset {
  hash: string;
  expiresAt: Date;
}

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
  /** The latest few that were mailed; the first that is used ends them all. */
  passwordResets: PasswordReset[];
  /** Copies of what user-service decides, and the version of the account that they are from. */
  role: Role;
  status: AccountStatus;
  accountVersion: number;
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
    passwordResets: [{ _id: false, hash: String, expiresAt: Date }],
    role: { type: String, required: true },
    status: { type: String, required: true },
    accountVersion: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'credentials', versionKey: false },
);
schema.index({ email: 1 }, { unique: true });
schema.index({ 'passwordResets.hash': 1 }, { sparse: true });

export const credentialModel = (db: Connection) => db.model('Credential', schema);
