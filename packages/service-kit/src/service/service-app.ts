import express, { type Express, type RequestHandler } from 'express';
import { accessLog } from '../http/access-log.ts';
import { refuseAmbiguousRequests } from '../http/ambiguous-requests.ts';
import { healthRoutes, type HealthCheck } from './health.ts';
import type { Logger } from '../process/logging.ts';
import type { Verifiers } from '../http/authenticate.ts';
import { mountRoutes } from '../http/mount.ts';
import { openApiDocument } from '../openapi/document.ts';
import { Problem, problems } from '../problems/problem.ts';
import { problemJson } from '../problems/problem-json.ts';
import { setRepeatedParametersAside } from '../http/repeated-parameters.ts';
import { requestScope } from '../process/request-scope.ts';
import type { Route } from '../http/route.ts';
import { securityHeaders } from '../http/security-headers.ts';

interface ServiceAppOptions {
  title: string;
  log: Logger;
  routes: readonly Route[];
  verifiers: Verifiers;
  /** Response headers that all answers of this service have. */
  headers: Record<string, string>;
  checks: Record<string, HealthCheck>;
  /** What is to be watched, in Prometheus's text format; on the service's own port alone. */
  metrics?: { contentType: string; metrics(): Promise<string> };
  draining: () => boolean;
  /** Whether an error means that the database cannot be reached now: then the answer is a 503. */
  isUnavailable: (error: unknown) => boolean;
}

/**
 * An Express application with the first steps of every request: no defaults that leak, an id, a log line, security
 * headers, no caching unless a service says otherwise, no arrays in the query.
 */
export function baseApp(log: Logger): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use(requestScope(), accessLog(log), securityHeaders(), setHeaders({ 'Cache-Control': 'no-store' }));
  app.use(refuseAmbiguousRequests, setRepeatedParametersAside());
  return app;
}

/** The whole pipeline of a service behind the gateway, from the request's id to the problem that ends it. */
export function serviceApp(options: ServiceAppOptions): Express {
  const { title, log, routes, verifiers, headers, checks, metrics, draining, isUnavailable } = options;
  const app = baseApp(log);
  const document = openApiDocument({ title, routes, throughGateway: true });
  app.use(setHeaders(headers));
  app.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  if (metrics !== undefined) {
    app.get('/metrics', async (_req, res) => {
      res.type(metrics.contentType).send(await metrics.metrics());
    });
  }
  mountRoutes(app, [...healthRoutes({ checks, draining, log }), ...routes], verifiers);
  app.use(noSuchRoute, problemJson(log, isUnavailable));
  return app;
}

const setHeaders =
  (headers: Record<string, string>): RequestHandler =>
  (_req, res, next) => {
    res.set(headers);
    next();
  };

/** Ends every request that no route has taken. */
export const noSuchRoute: RequestHandler = () => {
  throw new Problem(problems.notFound);
};
