import jwt from 'jsonwebtoken';

/** The header and the claims of a token, unverified. */
export function decodeJwt(token: string): { header: jwt.JwtHeader; claims: jwt.JwtPayload } {
  const decoded = jwt.decode(token, { complete: true });
  if (decoded === null || typeof decoded.payload === 'string') throw new Error('not a JWT');
  return { header: decoded.header, claims: decoded.payload };
}
