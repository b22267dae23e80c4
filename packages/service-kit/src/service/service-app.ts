import type { Express } from 'express';
import type { Verifiers } from '../http/authenticate.ts';
import { baseApp, noSuchRoute } from '../http/base-app.ts';
import { JsonText, sendJsonText } from '../http/json-text.ts';
import { mountRoutes } from '../http/mount.ts';
import type { Route } from '../http/route.ts';
import { openApiDocument } from '../openapi/document.ts';
import { problemJson } from '../problems/problem-json.ts';
import type { Logger } from '../process/logging.ts';
import type { Metrics } from '../process/metrics.ts';
import type { Tracing } from '../process/tracing.ts';
import { healthRoutes, type HealthCheck } from './health.ts';
import type { Shutdown } from './shutdown.ts';

interface ServiceAppOptions {
  title: string;
  log: Logger;
  routes: readonly Route[];
  verifiers: Verifiers;
  /** Headers of every response of this service. */
  headers: Record<string, string>;
  checks: Record<string, HealthCheck>;
  /** Get the durations of the requests. */
  metrics: Metrics;
  tracing?: Tracing | undefined;
  shutdown?: Shutdown | undefined;
  /** The URL of the gateway, for the links of problems. */
  publicUrl?: string | undefined;
  /** Whether an error means that the database is unavailable, which makes the response a 503. */
  isUnavailable: (error: unknown) => boolean;
}

/** The whole pipeline of a service behind the gateway, from the request id to the problem for an error. */
export function serviceApp(options: ServiceAppOptions): Express {
  const { title, log, routes, verifiers, headers, checks, metrics, tracing, shutdown } = options;
  const app = baseApp(log, metrics, { headers, isBehindGateway: true, tracing });
  const document = new JsonText(openApiDocument({ title, routes, throughGateway: true }));
  app.get('/openapi.json', (_req, res) => sendJsonText(res, document));
  const health = healthRoutes({ checks, stopping: shutdown?.stopping, log });
  mountRoutes(app, [...health, ...routes], verifiers, shutdown?.draining);
  app.use(noSuchRoute, problemJson(log, options));
  return app;
}
