import { newDelivery, type Delivery } from '@polyglot-notes/service-kit';
import { Schema, type Connection } from 'mongoose';

export type Role = 'user' | 'admin';
export type AccountStatus = 'active' | 'deactivated' | 'deleting';

/** A token for a new password, as its hash. */
export interface PasswordReset {
  hash: string;
  expiresAt: Date;
}

/** A token that confirms an email as the account's, as its hash. */
export interface EmailConfirmation {
  hash: string;
  email: string;
  expiresAt: Date;
}

/**
 * What a person logs in with. A `pending` account has no confirmed profile yet and cannot be used; a `withdrawing` one
 * is on its way out and goes when user-service has confirmed that there is no profile.
 */
export interface Credential {
  _id: string;
  state: 'pending' | 'active' | 'withdrawing';
  /**
   * Grows with each try to register, of which only the latest can activate or withdraw the account, and then with each
   * change that user-service has to follow.
   */
  version: number;
  email: string;
  emailVerified: boolean;
  passwordHash: string;
  /** The latest few that were mailed; the first that is used ends them all. */
  passwordResets: PasswordReset[];
  /** The same for the email that it has, which anyone may ask for, and for others, which the password is needed for. */
  emailConfirmations: EmailConfirmation[];
  emailChanges: EmailConfirmation[];
  /** Copies of what user-service decides, and the version of the account that they are from. */
  role: Role;
  status: AccountStatus;
  accountVersion: number;
  /** How often user-service has cut off access, and ended the sessions as well. */
  accessRevocations: number;
  sessionRevocations: number;
  /** How often a new password has done both. */
  passwordChanges: number;
  /** When access was cut off last, by the clock of the database. */
  revokedAt?: Date;
  /** There until user-service follows the credential as it is; until then a registration is not over, either. */
  delivery?: Delivery;
  createdAt: Date;
}

/** The version of access of an account: grows with each cut, and tokens of an earlier one do not count any more. */
export const accessVersion = ({ accessRevocations, passwordChanges }: Credential): number =>
  1 + accessRevocations + passwordChanges;

const schema = new Schema<Credential>(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    version: { type: Number, required: true },
    email: { type: String, required: true },
    emailVerified: { type: Boolean, required: true },
    passwordHash: { type: String, required: true },
    passwordResets: [{ _id: false, hash: String, expiresAt: Date }],
    emailConfirmations: [{ _id: false, hash: String, email: String, expiresAt: Date }],
    emailChanges: [{ _id: false, hash: String, email: String, expiresAt: Date }],
    role: { type: String, required: true },
    status: { type: String, required: true },
    accountVersion: { type: Number, required: true },
    accessRevocations: { type: Number, required: true },
    sessionRevocations: { type: Number, required: true },
    passwordChanges: { type: Number, required: true },
    revokedAt: Date,
    delivery: Schema.Types.Mixed,
    createdAt: { type: Date, required: true },
  },
  { collection: 'credentials', versionKey: false },
);
schema.index({ email: 1 }, { unique: true });
schema.index({ 'passwordResets.hash': 1 }, { sparse: true });
schema.index({ 'emailConfirmations.hash': 1 }, { sparse: true });
schema.index({ 'emailChanges.hash': 1 }, { sparse: true });
schema.index({ revokedAt: 1, _id: 1 });
schema.index({ 'delivery.dueAt': 1 }, { sparse: true });
schema.index({ 'delivery.since': 1, _id: 1 });

export type CredentialModel = Awaited<ReturnType<typeof credentialModel>>;

/** The collection of the credentials. Resolves when its indexes stand. */
export async function credentialModel(db: Connection) {
  const credentials = db.model('Credential', schema);
  await credentials.createIndexes();
  // Accounts from before there was a status, from before access was counted, and registrations that were not over then.
  await credentials.updateMany(
    { status: null },
    { $set: { status: 'active', accountVersion: 1, passwordResets: [] } },
  );
  await credentials.updateMany(
    { accessRevocations: null },
    { $set: { accessRevocations: 0, sessionRevocations: 0, passwordChanges: 0 } },
  );
  await credentials.updateMany(
    { emailChanges: null },
    { $set: { emailConfirmations: [], emailChanges: [] } },
  );
  await credentials.updateMany(
    { state: { $ne: 'active' }, delivery: null },
    { $set: { delivery: newDelivery(60_000) } },
  );
  return credentials;
}
