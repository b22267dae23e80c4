import {
  baseApp,
  healthRoutes,
  mountRoutes,
  noSuchRoute,
  problemJson,
  type Route,
} from '@polyglot-notes/service-kit';
import type { Context } from './context.ts';
import { crossOrigin } from './cors/cors.ts';
import { docs } from './docs/docs.ts';
import { forwarding } from './forwarding/forwarding.ts';
import { healthOverviewRoute } from './health/health.routes.ts';
import { rateLimits } from './limits/limits.ts';
import { apiDocumentRoute } from './openapi/openapi.routes.ts';
import { pages } from './pages/pages.ts';

/** The routes that the gateway answers itself. Declaring them calls nothing of the context. */
export function routes(context: Context, draining?: AbortSignal): Route[] {
  const health = [
    healthOverviewRoute(context.serviceUrls),
    ...healthRoutes({ checks: {}, draining, log: context.log }),
  ];
  return [...health, apiDocumentRoute(context, health)];
}

export function createApp(context: Context, draining?: AbortSignal) {
  const app = baseApp(context.log, context.metrics);
  app.use(crossOrigin(context.corsOrigins), rateLimits(context));
  app.use(forwarding(context));
  app.use(docs(), pages());
  mountRoutes(app, routes(context, draining), {});
  app.use(noSuchRoute, problemJson(context.log));
  return app;
}
