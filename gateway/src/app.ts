import type { RequestListener } from 'node:http';
import {
  baseApp,
  createRequestMetrics,
  healthRoutes,
  mountRoutes,
  noSuchRoute,
  problemJson,
  type Route,
  type Shutdown,
} from '@polyglot-notes/service-kit';
import type { RequestHandler } from 'express';
import type { Context } from './context.ts';
import { crossOrigin } from './cors/cors.ts';
import { compress } from './forwarding/compression.ts';
import { docs } from './docs/docs.ts';
import { destination } from './forwarding/destination.ts';
import { createForwarding } from './forwarding/forwarding.ts';
import { setAll } from './forwarding/headers.ts';
import { createUpstreams } from './forwarding/upstreams.ts';
import { healthOverviewRoute } from './health/health.routes.ts';
import { createRateLimits, type CountRequest } from './limits/limits.ts';
import { apiDocumentRoute } from './openapi/openapi.routes.ts';
import { pages } from './pages/pages.ts';
import { problemsPage } from './pages/problems-page.ts';

/** The routes that the gateway answers itself. Declaring them calls nothing of the context. */
export function routes(context: Context, shutdown?: Shutdown): Route[] {
  const health = [
    healthOverviewRoute(context.serviceUrls),
    ...healthRoutes({ checks: {}, stopping: shutdown?.stopping, log: context.log }),
  ];
  return [...health, apiDocumentRoute(context, health)];
}

export function createApp(context: Context, shutdown?: Shutdown): RequestListener {
  const { log, metrics, tracing, publicUrl, addressOf } = context;
  const recordRequest = createRequestMetrics(metrics);
  const allowOrigin = crossOrigin(context.corsOrigins);
  const countRequest = createRateLimits(context);
  const forward = createForwarding({
    log,
    addressOf,
    recordRequest,
    allowOrigin,
    countRequest,
    sendOn: createUpstreams(context),
    tracing,
    publicUrl,
  });

  const own = baseApp(log, metrics, { recordRequest });
  // The page explains refusals, so it is not refused. It costs less than a refusal because it is not compressed.
  own.use(allowOrigin, problemsPage(), limited(countRequest));
  own.use(varyByCoding, compress, docs(), pages());
  mountRoutes(own, routes(context, shutdown), {});
  own.use(noSuchRoute, problemJson(log, { publicUrl }));

  return (req, res) => {
    const service = destination(req.url ?? '');
    if (service === undefined) own(req, res);
    else void forward(req, res, service);
  };
}

const varyByCoding: RequestHandler = (_req, res, next) => {
  res.vary('Accept-Encoding');
  next();
};

const limited =
  (countRequest: CountRequest): RequestHandler =>
  async (req, res, next) => {
    setAll(res, await countRequest(req));
    next();
  };
