import { createAccessTokenVerifier, createKeySet, createLogger } from '@polyglot-notes/service-kit';
import type { IncomingMessage } from 'node:http';
import { clientAddress } from './client-address.ts';
import type { Config } from './config.ts';
import { sharedCounters } from './limits/shared-counters.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

/** The services behind the gateway, by the name under which `/health` shows them. */
export type ServiceName = 'auth' | 'user' | 'notes';
export type ServiceUrls = Record<ServiceName, string>;

export async function createContext(config: Config) {
  const log = createLogger('gateway', config.LOG_LEVEL);
  const services: ServiceUrls = {
    auth: config.AUTH_SERVICE_URL,
    user: config.USER_SERVICE_URL,
    notes: config.NOTES_SERVICE_URL,
  };
  const keys = createKeySet({ url: `${services.auth}/.well-known/jwks.json`, log });
  const counters = config.REDIS_URL === undefined ? undefined : sharedCounters(config.REDIS_URL, log);
  return {
    log,
    services,
    upstreamTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
    corsOrigins: config.CORS_ORIGINS,
    addressOf: (req: IncomingMessage) => clientAddress(req, config.TRUSTED_PROXIES),
    limits: {
      windowMs: config.RATE_LIMIT_WINDOW_MS,
      max: config.RATE_LIMIT_MAX,
      authMax: config.RATE_LIMIT_AUTH_MAX,
      counters,
    },
    verifyAccessToken: createAccessTokenVerifier({
      issuer: config.TOKEN_ISSUER,
      audience: config.TOKEN_AUDIENCE,
      // No request waits for the issuer here: this token check is for counting alone.
      keys: { loaded: () => keys.loaded(), find: async (kid) => keys.peek(kid) },
    }),
    async close() {
      keys.close();
      counters?.close();
    },
  };
}
