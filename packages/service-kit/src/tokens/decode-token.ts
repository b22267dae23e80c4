import jwt from 'jsonwebtoken';

/** The header and claims of a JWT, of which nothing is verified yet; undefined when it is no JWT. Never throws. */
export function decodeToken(token: string): jwt.Jwt | undefined {
  try {
    return jwt.decode(token, { complete: true }) ?? undefined;
  } catch {
    return undefined;
  }
}
