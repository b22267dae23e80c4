import { baseApp, healthRoutes, mountRoutes, noSuchRoute, problemJson } from '@polyglot-notes/service-kit';
import type { Context } from './context.ts';
import { crossOrigin } from './cors/cors.ts';
import { docs } from './docs/docs.ts';
import { forwarding } from './forwarding/forwarding.ts';
import { healthOverview } from './health/health.routes.ts';
import { rateLimits } from './limits/limits.ts';
import { apiDocument } from './openapi/openapi.routes.ts';

export function createApp(context: Context, draining = () => false) {
  const app = baseApp(context.log);
  app.use(crossOrigin(context.corsOrigins), rateLimits(context));
  app.use(forwarding(context));
  app.use(docs());
  const health = [
    healthOverview(context.services),
    ...healthRoutes({ checks: {}, draining, log: context.log }),
  ];
  mountRoutes(app, [...health, apiDocument(context, health)], {});
  app.use(noSuchRoute, problemJson(context.log));
  return app;
}
