import { accessVersion, type Credential, type CredentialModel } from '../credentials/credential.model.ts';
import type { Erasure, ErasureModel } from '../credentials/erasures.repository.ts';
import { isAfter, type FeedPosition } from './feed-position.ts';

/** Tokens of `sub` whose `ver` is below `minVer` are revoked. */
export interface Revocation {
  sub: string;
  minVer: number;
  revokedAt: Date;
}

/** Reads at most `limit` revocations after a position, in the order of the feed. */
export type RevocationSource = (position: FeedPosition, limit: number) => Promise<Revocation[]>;

const noValidVersion = Number.MAX_SAFE_INTEGER;

type RevokedCredential = Required<
  Pick<Credential, '_id' | 'revokedAt' | 'accessRevocations' | 'passwordChanges'>
>;

export const credentialRevocations =
  (credentials: CredentialModel): RevocationSource =>
  async (position, limit) => {
    const revoked = await credentials
      .find(isAfter(position))
      .sort({ revokedAt: 1, _id: 1 })
      .limit(limit)
      .select(['revokedAt', 'accessRevocations', 'passwordChanges'])
      .lean<RevokedCredential[]>()
      .exec();
    return revoked.map((credential) => ({
      sub: credential._id,
      minVer: accessVersion(credential),
      revokedAt: credential.revokedAt,
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
    return erased.map(({ _id, revokedAt }) => ({ sub: _id, minVer: noValidVersion, revokedAt }));
  };
