import { createLogger, createMetrics, Problem, problems } from '@polyglot-notes/service-kit';
import { createApp } from '../src/app.ts';
import type { Context } from '../src/context.ts';
import { byService, services as table, type ServiceUrls } from '../src/services.ts';
import { listenLikeAService } from './upstreams.ts';

/** A URL that refuses connections. */
export const refusing = 'http://127.0.0.1:1';

/** The settings with the URL of each service, which refuse connections. */
export const refusingServices = Object.fromEntries(table.map(({ urlVariable }) => [urlVariable, refusing]));

/** Starts a gateway without limits in front of the given services; the others refuse connections. Returns its URL. */
export const gatewayTo = (services: Partial<ServiceUrls>, overrides: Partial<Context> = {}) =>
  listenLikeAService(
    createApp({
      log: createLogger('gateway', 'silent'),
      metrics: createMetrics(createLogger('gateway', 'silent')),
      tracing: undefined,
      publicUrl: undefined,
      serviceUrls: { ...byService(() => refusing), ...services },
      upstreamTimeoutMs: 300,
      upstreamLongTimeoutMs: 60_000,
      corsOrigins: [],
      addressOf: ({ socket }) => socket.remoteAddress,
      limits: { windowMs: 60_000, max: 0, authMax: 0, refreshMax: 0, counters: undefined },
      verifyAccessToken: async () => {
        throw new Problem(problems.unauthenticated);
      },
      close: async () => {},
      ...overrides,
    }),
  );
