import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { listening, serverUrl } from './servers.ts';

export const issuer = 'polyglot-notes';
export const audience = 'polyglot-notes';

/** An RSA key pair with its id and its public half as a JWK. */
export function makeSigningKey() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const kid = randomUUID();
  return {
    kid,
    publicKey,
    privateKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
  };
}

/** An access token for `userId` as auth-service makes it; `overrides` change what is signed. */
export function signAccessToken(
  key: { kid: string; privateKey: KeyObject },
  userId: string,
  { header = {}, claims = {}, options = {} }: SignOverrides = {},
): string {
  return jwt.sign({ role: 'user', ...claims }, key.privateKey, {
    algorithm: 'RS256',
    header: { alg: 'RS256', typ: 'at+jwt', kid: key.kid, ...header },
    subject: userId,
    issuer,
    audience,
    expiresIn: 900,
    jwtid: randomUUID(),
    ...options,
  });
}

interface SignOverrides {
  header?: Partial<jwt.JwtHeader>;
  claims?: object;
  options?: jwt.SignOptions;
}

/** An issuer of access tokens that stands in for auth-service: one key, whose JWK Set is served over HTTP. */
export async function startTestIssuer() {
  const key = makeSigningKey();
  const server = await listening((_req, res) => {
    res.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: [key.jwk] }));
  });
  return {
    key,
    jwksUrl: `${serverUrl(server)}/.well-known/jwks.json`,
    tokenFor: (userId: string, overrides?: SignOverrides) => signAccessToken(key, userId, overrides),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
