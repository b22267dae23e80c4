import { createLogger, Problem, problems } from '@polyglot-notes/service-kit';
import { createApp } from '../src/app.ts';
import type { Context, ServiceUrls } from '../src/context.ts';
import { listen } from './upstreams.ts';

/** Where nobody listens. */
export const refusing = 'http://127.0.0.1:1';

/** A gateway without limits before the services that are there; its URL. */
export const gatewayTo = (services: Partial<ServiceUrls>, overrides: Partial<Context> = {}) =>
  listen(
    createApp({
      log: createLogger('gateway', 'silent'),
      services: { auth: refusing, user: refusing, notes: refusing, ...services },
      upstreamTimeoutMs: 300,
      corsOrigins: [],
      addressOf: ({ socket }) => socket.remoteAddress,
      limits: { windowMs: 60_000, max: 0, authMax: 0, counters: undefined },
      verifyAccessToken: async () => {
        throw new Problem(problems.unauthenticated);
      },
      close: async () => {},
      ...overrides,
    }),
  );
