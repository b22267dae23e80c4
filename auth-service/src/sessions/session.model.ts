import { Schema, type Connection } from 'mongoose';
import type { EventIntent } from '../credentials/event-intents.ts';
import { sessionVersion, type Credential } from '../credentials/credential.model.ts';

/** A refresh token that was used, and the token that replaced it. */
export interface SpentToken {
  hash: string;
  /** The next refresh token, which only the spent one can decrypt. */
  sealedSuccessor: string;
  spentAt: Date;
}

export interface Session {
  /** The claim `sid` of its access tokens. */
  _id: string;
  userId: string;
  /** The session version of the account when the session began or was last renewed. */
  sessionVersion: number;
  /** The hash of the part that all refresh tokens of the session have in common. */
  locatorHash: string;
  /** The hash of the one valid refresh token. */
  tokenHash: string;
  /** The latest spent tokens, the last one at the end. */
  spent: SpentToken[];
  userAgent?: string | null;
  ip?: string | null;
  createdAt: Date;
  lastUsedAt: Date;
  /** When the session ends unless it is used. A session that was ended is stored until its access tokens have expired. */
  expiresAt: Date;
  /** When the session was ended, by the clock of the database. */
  revokedAt?: Date;
  /** The events that are not in the audit trail yet. */
  events?: EventIntent[];
}

/** What a session shows of the client that used it last. */
export type Device = Pick<Session, 'userAgent' | 'ip'>;

export const deviceOf = (client: { address: string | undefined; userAgent: string | undefined }): Device => ({
  userAgent: client.userAgent ?? null,
  ip: client.address ?? null,
});

/** Whether a session was not ended and has not expired. Its account may have ended it all the same. */
export const isUnended = ({ revokedAt, expiresAt }: Session, now: Date): boolean =>
  !revokedAt && expiresAt > now;

/** Whether the account has not ended the session together with all others. */
export const isOfAccount = (session: Pick<Session, 'sessionVersion'>, account: Credential): boolean =>
  session.sessionVersion === sessionVersion(account);

export const collectionName = 'sessions';

const schema = new Schema<Session>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    sessionVersion: { type: Number, required: true },
    locatorHash: { type: String, required: true },
    tokenHash: { type: String, required: true },
    spent: [{ _id: false, hash: String, sealedSuccessor: String, spentAt: Date }],
    userAgent: String,
    ip: String,
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    revokedAt: Date,
    events: [Schema.Types.Mixed],
  },
  { collection: collectionName, versionKey: false },
);

export type SessionModel = ReturnType<typeof createSessionModel>;

export const createSessionModel = (db: Connection) => db.model('Session', schema);
