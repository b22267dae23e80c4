import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { listening, serverUrl } from './servers.ts';
import { until } from './waiting.ts';

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

/** An access token for `userId` as auth-service makes it, of a session of its own; `overrides` change what is signed. */
export function signAccessToken(
  key: { kid: string; privateKey: KeyObject },
  userId: string,
  { header = {}, claims = {}, options = {} }: SignOverrides = {},
): string {
  return jwt.sign({ role: 'user', ver: 1, sid: randomUUID(), ...claims }, key.privateKey, {
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

/** A fake auth-service for tokens: the JWK Set of one key, and the revocation feed, which is whole each time. */
export async function startTestIssuer() {
  const key = makeSigningKey();
  const minVers = new Map<string, number>();
  const endedSessions = new Set<string>();
  const state = { isFeedDown: false, feedReads: 0 };

  const server = await listening((req, res) => {
    const isFeed = req.url?.startsWith('/internal/revocations') === true;
    if (isFeed) state.feedReads++;
    if (isFeed && state.isFeedDown) res.writeHead(500).end();
    else res.setHeader('Content-Type', 'application/json').end(JSON.stringify(isFeed ? feed() : keys));
  });
  const keys = { keys: [key.jwk] };
  const feed = () => ({
    entries: [
      ...[...minVers].map(([sub, minVer]) => ({ sub, minVer })),
      ...[...endedSessions].map((sid) => ({ sid })),
    ],
    cursor: '1',
    more: false,
    whole: true,
    lifetimeSeconds: 900,
  });

  async function everyReaderKnows(): Promise<void> {
    // A read that has already begun may miss the entry; the next one has it, and is over when the one after begins.
    const target = state.feedReads + 3;
    await until(() => state.feedReads >= target);
  }

  return {
    key,
    url: serverUrl(server),
    jwksUrl: `${serverUrl(server)}/.well-known/jwks.json`,
    state,
    tokenFor: (userId: string, overrides?: SignOverrides) => signAccessToken(key, userId, overrides),
    /** Revokes the user's access tokens below `minVer`; resolves when every reader of the feed knows. */
    revoke(userId: string, minVer: number): Promise<void> {
      minVers.set(userId, minVer);
      return everyReaderKnows();
    },
    /** Revokes the access tokens of the session; resolves when every reader of the feed knows. */
    endSession(sessionId: string): Promise<void> {
      endedSessions.add(sessionId);
      return everyReaderKnows();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
