import type { Delivery } from '@polyglot-notes/service-kit';
import { Schema, type Connection } from 'mongoose';
import type { AccountState } from './account-state.ts';
import type { EventIntent } from './event-intents.ts';
import type { MailIntent } from './mail-intents.ts';
import type { MailedToken } from './mailed-tokens.ts';

export interface EmailConfirmation extends MailedToken {
  email: string;
}

export interface Credential extends AccountState {
  _id: string;
  /** `pending` until user-service confirms the profile; `cancelling` until user-service confirms that there is none. */
  state: 'pending' | 'active' | 'cancelling';
  /** Raised by each registration attempt, and then by each change that user-service must copy. */
  profileVersion: number;
  email: string;
  emailVerified: boolean;
  passwordHash: string;
  passwordResets: MailedToken[];
  /** Tokens for the current email, which anyone may request. */
  emailConfirmations: EmailConfirmation[];
  /** Tokens for a new email, which require the password. */
  emailChanges: EmailConfirmation[];
  /** The number of password changes. Each revokes access and sessions. */
  passwordChanges: number;
  /** How often the user has logged out everywhere. Each time revokes access and sessions. */
  logoutsOfAll?: number;
  /** The time of the latest account state, password change or logout of all sessions, by the clock of the database. */
  revokedAt?: Date;
  /** Present until user-service confirms the current state, or until the registration has ended. */
  delivery?: Delivery;
  /** The mails that wait to be sent, and those that were refused. */
  mails?: MailIntent[];
  /** The events that are not in the audit trail yet. */
  events?: EventIntent[];
  createdAt: Date;
}

/** The version that a valid access token carries as `ver`. Each revocation raises it. */
export const accessVersion = ({
  accessRevocations,
  passwordChanges,
  logoutsOfAll = 0,
}: Pick<Credential, 'accessRevocations' | 'passwordChanges' | 'logoutsOfAll'>): number =>
  1 + accessRevocations + passwordChanges + logoutsOfAll;

/** The version that a session of the account has. Each revocation of all sessions raises it. */
export const sessionVersion = ({
  sessionRevocations,
  passwordChanges,
  logoutsOfAll = 0,
}: Pick<Credential, 'sessionRevocations' | 'passwordChanges' | 'logoutsOfAll'>): number =>
  sessionRevocations + passwordChanges + logoutsOfAll;

export const collectionName = 'credentials';

const token = { _id: false, hash: String, email: String, expiresAt: Date };

const schema = new Schema<Credential>(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    profileVersion: { type: Number, required: true },
    email: { type: String, required: true },
    emailVerified: { type: Boolean, required: true },
    passwordHash: { type: String, required: true },
    passwordResets: [token],
    emailConfirmations: [token],
    emailChanges: [token],
    role: { type: String, required: true },
    status: { type: String, required: true },
    accountVersion: { type: Number, required: true },
    accessRevocations: { type: Number, required: true },
    sessionRevocations: { type: Number, required: true },
    passwordChanges: { type: Number, required: true },
    logoutsOfAll: Number,
    revokedAt: Date,
    delivery: Schema.Types.Mixed,
    mails: [Schema.Types.Mixed],
    events: [Schema.Types.Mixed],
    createdAt: { type: Date, required: true },
  },
  { collection: collectionName, versionKey: false },
);

export type CredentialModel = ReturnType<typeof createCredentialModel>;

export const createCredentialModel = (db: Connection) => db.model('Credential', schema);
