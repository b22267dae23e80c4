import {
  createAccessTokenVerifier,
  createKeySet,
  createLogger,
  createMetrics,
  createTracing,
  signingKeyMetrics,
} from '@polyglot-notes/service-kit';
import type { IncomingMessage } from 'node:http';
import { clientAddress } from './client-address.ts';
import type { Config } from './config.ts';
import { createCounters } from './limits/counters.ts';
import { byService, tokenIssuer, type ServiceUrls } from './services.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

export async function createContext(config: Config) {
  const log = createLogger('gateway', config.LOG_LEVEL);
  const metrics = createMetrics(log);
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  const tracing = await createTracing({ service: 'gateway', endpoint, ratio, log });
  const serviceUrls: ServiceUrls = byService(({ urlVariable }) => config[urlVariable]);
  const keys = createKeySet({ url: `${serviceUrls[tokenIssuer]}/.well-known/jwks.json`, log });
  signingKeyMetrics(metrics, keys);
  const counters = createCounters(config.REDIS_URL, log);
  return {
    log,
    metrics,
    tracing,
    publicUrl: config.PUBLIC_URL,
    serviceUrls,
    upstreamTimeoutMs: config.UPSTREAM_TIMEOUT_MS,
    upstreamLongTimeoutMs: config.UPSTREAM_LONG_TIMEOUT_MS,
    corsOrigins: config.CORS_ORIGINS,
    addressOf: (req: IncomingMessage) => clientAddress(req, config.TRUSTED_PROXIES),
    limits: {
      windowMs: config.RATE_LIMIT_WINDOW_MS,
      max: config.RATE_LIMIT_MAX,
      authMax: config.RATE_LIMIT_AUTH_MAX,
      refreshMax: config.RATE_LIMIT_REFRESH_MAX,
      counters,
    },
    verifyAccessToken: createAccessTokenVerifier({
      issuer: config.TOKEN_ISSUER,
      audience: config.TOKEN_AUDIENCE,
      // This check only decides how a request is counted, so no request waits for the keys.
      keys: { loaded: () => keys.loaded(), find: async (kid) => keys.peek(kid) },
    }),
    async close() {
      keys.close();
      counters?.close();
      await tracing?.close();
    },
  };
}
