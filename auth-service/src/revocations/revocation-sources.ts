import { accessVersion, type Credential, type CredentialModel } from '../credentials/credential.model.ts';
import type { Erasure, ErasureModel } from '../credentials/erasures.repository.ts';
import type { Session, SessionModel } from '../sessions/session.model.ts';
import { isAfter, type FeedPosition } from './feed-position.ts';

/** A position in the feed, and the tokens that are revoked: those of `sub` with a `ver` below `minVer`, or all of a session. */
export interface Revocation extends FeedPosition {
  entry: { sub: string; minVer: number } | { sid: string };
}

/** Reads at most `limit` revocations after a position, in the order of the feed. */
export type RevocationSource = (position: FeedPosition, limit: number) => Promise<Revocation[]>;

const noValidVersion = Number.MAX_SAFE_INTEGER;

type RevokedCredential = Required<
  Pick<Credential, '_id' | 'revokedAt' | 'accessRevocations' | 'passwordChanges' | 'logoutsOfAll'>
>;

export const credentialRevocations =
  (credentials: CredentialModel): RevocationSource =>
  async (position, limit) => {
    const revoked = await credentials
      .find(isAfter(position))
      .sort({ revokedAt: 1, _id: 1 })
      .limit(limit)
      .select(['revokedAt', 'accessRevocations', 'passwordChanges', 'logoutsOfAll'])
      .lean<RevokedCredential[]>()
      .exec();
    return revoked.map((credential) => ({
      id: credential._id,
      revokedAt: credential.revokedAt,
      entry: { sub: credential._id, minVer: accessVersion(credential) },
    }));
  };

export const erasureRevocations =
  (erasures: ErasureModel): RevocationSource =>
  async (position, limit) => {
    const erased = await erasures
      .find(isAfter(position))
      .sort({ revokedAt: 1, _id: 1 })
      .limit(limit)
      .lean<Erasure[]>()
      .exec();
    return erased.map(({ _id, revokedAt }) => ({
      id: _id,
      revokedAt,
      entry: { sub: _id, minVer: noValidVersion },
    }));
  };

export const sessionRevocations =
  (sessions: SessionModel): RevocationSource =>
  async (position, limit) => {
    const ended = await sessions
      .find(isAfter(position))
      .sort({ revokedAt: 1, _id: 1 })
      .limit(limit)
      .select('revokedAt')
      .lean<Required<Pick<Session, '_id' | 'revokedAt'>>[]>()
      .exec();
    return ended.map(({ _id, revokedAt }) => ({ id: _id, revokedAt, entry: { sid: _id } }));
  };
