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

/** Issues access tokens: JWTs by the profile of RFC 9068, signed with RS256. `expiresIn` is in seconds. */
export function createAccessTokenIssuer({ key, issuer, audience, lifetimeSeconds, clock }: IssuerOptions) {
  return ({ id, role, accessVersion }: { id: string; role: string; accessVersion: number }) => {
    const { id: kid, privateKey } = key();
    const iat = Math.floor(clock().getTime() / 1000);
    const accessToken = jwt.sign({ sid: randomUUID(), role, ver: accessVersion, iat }, privateKey, {
      algorithm: 'RS256',
      header: { alg: 'RS256', typ: 'at+jwt', kid },
      subject: id,
      issuer,
      audience,
      expiresIn: lifetimeSeconds,
      jwtid: randomUUID(),
    });
    return { accessToken, tokenType: 'Bearer' as const, expiresIn: lifetimeSeconds };
  };
}
