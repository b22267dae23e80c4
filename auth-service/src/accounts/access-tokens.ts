import { randomUUID, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';

interface IssuerOptions {
  key: { id: string; privateKey: KeyObject };
  issuer: string;
  audience: string;
  lifetimeSeconds: number;
  clock: () => Date;
}

/**
 * Issues access tokens: JWTs by the profile of RFC 9068, signed with RS256. `expiresIn` is in seconds. `version` is that of
 * the account's access, the claim `ver`: a cut raises what is needed.
 */
export function accessTokenIssuer({ key, issuer, audience, lifetimeSeconds, clock }: IssuerOptions) {
  return ({ id, role, version }: { id: string; role: string; version: number }) => {
    const iat = Math.floor(clock().getTime() / 1000);
    const accessToken = jwt.sign({ role, ver: version, iat }, key.privateKey, {
      algorithm: 'RS256',
      header: { alg: 'RS256', typ: 'at+jwt', kid: key.id },
      subject: id,
      issuer,
      audience,
      expiresIn: lifetimeSeconds,
      jwtid: randomUUID(),
    });
    return { accessToken, tokenType: 'Bearer' as const, expiresIn: lifetimeSeconds };
  };
}
