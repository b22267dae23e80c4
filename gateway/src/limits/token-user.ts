import { bearerToken, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import type { IncomingMessage } from 'node:http';

/** The id of the user whose valid token a request has; otherwise undefined. */
export const tokenUser =
  (verify: VerifyAccessToken) =>
  async ({ headers: { authorization } }: IncomingMessage): Promise<string | undefined> => {
    if (authorization === undefined) return undefined;
    try {
      const { id } = await verify(bearerToken(authorization));
      return id;
    } catch {
      return undefined;
    }
  };
