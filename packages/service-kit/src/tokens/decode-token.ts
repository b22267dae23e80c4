import jwt from 'jsonwebtoken';

/** Decodes a JWT without verifying it. Undefined when the text is not a JWT. */
export function decodeToken(token: string): jwt.Jwt | undefined {
  try {
    return jwt.decode(token, { complete: true }) ?? undefined;
  } catch {
    return undefined;
  }
}
