import { accessVersion, type Credential, type CredentialModel } from '../credentials/credential.model.ts';
import type { Erasure, ErasureModel } from '../credentials/erasures.repository.ts';
import type { Session, SessionModel } from '../sessions/session.model.ts';
import { filtersAfter, type FeedPosition } from './feed-position.ts';

/** A position in the feed, and the tokens that are revoked: those of `sub` with a `ver` below `minVer`, or all of a session. */
export interface Revocation extends FeedPosition {
  entry: { sub: string; minVer: number } | { sid: string };
}

/** Reads at most `limit` revocations after a position, in the order of the feed. */
export type RevocationSource = (position: FeedPosition, limit: number) => Promise<Revocation[]>;

const noValidVersion = Number.MAX_SAFE_INTEGER;

type Revoked<Document, Field extends keyof Document = never> = Required<
  Pick<Document, Field | Extract<'_id' | 'revokedAt', keyof Document>>
>;

export const credentialRevocations =
  (credentials: CredentialModel): RevocationSource =>
  (position, limit) =>
    readAfter(position, limit, async (filter) => {
      const revoked = await credentials
        .find(filter)
        .sort({ revokedAt: 1, _id: 1 })
        .limit(limit)
        .select(['revokedAt', 'accessRevocations', 'passwordChanges', 'logoutsOfAll'])
        .lean<Revoked<Credential, 'accessRevocations' | 'passwordChanges' | 'logoutsOfAll'>[]>()
        .exec();
      return revoked.map((credential) => ({
        id: credential._id,
        revokedAt: credential.revokedAt,
        entry: { sub: credential._id, minVer: accessVersion(credential) },
      }));
    });

export const erasureRevocations =
  (erasures: ErasureModel): RevocationSource =>
  (position, limit) =>
    readAfter(position, limit, async (filter) => {
      const erased = await erasures
        .find(filter)
        .sort({ revokedAt: 1, _id: 1 })
        .limit(limit)
        .select('revokedAt')
        .lean<Revoked<Erasure>[]>()
        .exec();
      return erased.map(({ _id, revokedAt }) => ({
        id: _id,
        revokedAt,
        entry: { sub: _id, minVer: noValidVersion },
      }));
    });

export const sessionRevocations =
  (sessions: SessionModel): RevocationSource =>
  (position, limit) =>
    readAfter(position, limit, async (filter) => {
      const ended = await sessions
        .find(filter)
        .sort({ revokedAt: 1, _id: 1 })
        .limit(limit)
        .select('revokedAt')
        .lean<Revoked<Session>[]>()
        .exec();
      return ended.map(({ _id, revokedAt }) => ({ id: _id, revokedAt, entry: { sid: _id } }));
    });

async function readAfter(
  position: FeedPosition,
  limit: number,
  read: (filter: object) => Promise<Revocation[]>,
): Promise<Revocation[]> {
  const found = await Promise.all(filtersAfter(position).map(read));
  return found.flat().slice(0, limit);
}
