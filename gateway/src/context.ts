import { createLogger } from '@polyglot-notes/service-kit';
import type { Config } from './config.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

/** The services behind the gateway, by the name under which `/health` shows them. */
export type ServiceName = 'auth' | 'user' | 'notes';
export type ServiceUrls = Record<ServiceName, string>;

export async function createContext(config: Config) {
  const services: ServiceUrls = {
    auth: config.AUTH_SERVICE_URL,
    user: config.USER_SERVICE_URL,
    notes: config.NOTES_SERVICE_URL,
  };
  return {
    log: createLogger('gateway', config.LOG_LEVEL),
    services,
    upstreamTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
    corsOrigins: config.CORS_ORIGINS,
    async close() {},
  };
}
