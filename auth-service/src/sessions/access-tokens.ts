import { randomUUID, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';

interface IssuerOptions {
  key: () => { id: string; privateKey: KeyObject };
  issuer: string;
  audience: string;
  lifetimeSeconds: number;
  clock: () => Date;
}

export type IssueAccessToken = ReturnType<typeof createAccessTokenIssuer>;

export interface AccessTokenSubject {
  id: string;
  role: string;
  accessVersion: number;
  sessionId: string;
  /** The latest end of the session, which its tokens do not outlive. */
  endsAt: Date;
}

/** Issues access tokens: JWTs by the profile of RFC 9068, signed with RS256. `expiresIn` is in seconds. */
export function createAccessTokenIssuer({ key, issuer, audience, lifetimeSeconds, clock }: IssuerOptions) {
  return ({ id, role, accessVersion, sessionId, endsAt }: AccessTokenSubject) => {
    const { id: kid, privateKey } = key();
    const iat = Math.floor(clock().getTime() / 1000);
    const expiresIn = Math.min(lifetimeSeconds, Math.max(1, Math.floor(endsAt.getTime() / 1000) - iat));
    const accessToken = jwt.sign({ sid: sessionId, role, ver: accessVersion, iat }, privateKey, {
      algorithm: 'RS256',
      header: { alg: 'RS256', typ: 'at+jwt', kid },
      subject: id,
      issuer,
      audience,
      expiresIn,
      jwtid: randomUUID(),
    });
    return { accessToken, tokenType: 'Bearer' as const, expiresIn };
  };
}
