import express, { type Express, type RequestHandler } from 'express';
import { accessLog } from '../http/access-log.ts';
import { refuseAmbiguousRequests } from '../http/ambiguous-requests.ts';
import { healthRoutes, type HealthCheck } from './health.ts';
import type { Logger } from '../process/logging.ts';
import { createMetrics, type Metrics } from '../process/metrics.ts';
import { requestMetrics } from '../http/request-metrics.ts';
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
  /** Headers of every response of this service. */
  headers: Record<string, string>;
  checks: Record<string, HealthCheck>;
  /** Served as `/metrics`, together with the durations of requests. The gateway does not forward this path. */
  metrics?: Metrics;
  draining: () => boolean;
  /** Whether an error means that the database is unavailable, which makes the response a 503. */
  isUnavailable: (error: unknown) => boolean;
}

/**
 * An Express application with the first steps of every request: an id, a log line, metrics, security headers, no caching
 * unless a service allows it, and no arrays in the query.
 */
export function baseApp(log: Logger, metrics: Metrics): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use(requestScope(), accessLog(log), requestMetrics(metrics));
  app.use(securityHeaders(), setHeaders({ 'Cache-Control': 'no-store' }));
  app.use(refuseAmbiguousRequests, setRepeatedParametersAside());
  return app;
}

/** The whole pipeline of a service behind the gateway, from the request id to the problem for an error. */
export function serviceApp(options: ServiceAppOptions): Express {
  const { title, log, routes, verifiers, headers, checks, draining, isUnavailable } = options;
  const metrics = options.metrics ?? createMetrics(log);
  const app = baseApp(log, metrics);
  const document = openApiDocument({ title, routes, throughGateway: true });
  app.use(setHeaders(headers));
  app.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  app.get('/metrics', sendMetrics(metrics));
  mountRoutes(app, [...healthRoutes({ checks, draining, log }), ...routes], verifiers);
  app.use(noSuchRoute, problemJson(log, isUnavailable));
  return app;
}

/** Answers a scrape with all metrics. */
export const sendMetrics =
  (metrics: Metrics): RequestHandler =>
  async (_req, res) => {
    res.type(metrics.contentType).send(await metrics.text());
  };

const setHeaders =
  (headers: Record<string, string>): RequestHandler =>
  (_req, res, next) => {
    res.set(headers);
    next();
  };

/** Answers every request that no route matched. */
export const noSuchRoute: RequestHandler = () => {
  throw new Problem(problems.notFound);
};
