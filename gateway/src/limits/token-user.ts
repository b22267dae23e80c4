import { bearerToken, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';

// A few megabytes, with tokens of one kilobyte.
const maxTokens = 5_000;

/** The id of the user whose valid token a request has; otherwise undefined. Verified tokens are cached. */
export function tokenUser(verify: VerifyAccessToken): (req: IncomingMessage) => Promise<string | undefined> {
  const users = new LRUCache<string, string>({ max: maxTokens });
  return async (req) => {
    try {
      const token = bearerToken(req.headers.authorization);
      const known = users.get(token);
      if (known !== undefined) return known;
      const { id, expiresAt } = await verify(token);
      users.set(token, id, { ttl: expiresAt - Date.now() });
      return id;
    } catch {
      return undefined;
    }
  };
}
