import { bearerToken, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';

// With tokens of a kilobyte this is a few megabytes.
const maxTokens = 5_000;

/**
 * Finds the user whose token a request carries; undefined when there is none, or it is not known to be good. It never
 * throws: the service behind decides what becomes of the request. Good tokens are remembered until they expire, since
 * checking a signature costs more than all else that the gateway does.
 */
export function tokenUser(verify: VerifyAccessToken): (req: Request) => Promise<string | undefined> {
  const users = new LRUCache<string, string>({ max: maxTokens });
  return async (req) => {
    try {
      const token = bearerToken(req);
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
