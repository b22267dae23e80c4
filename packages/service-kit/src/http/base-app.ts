import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from '../process/logging.ts';
import type { Metrics } from '../process/metrics.ts';
import { Problem, problems } from '../problems/problem.ts';
import { accessLog } from './access-log.ts';
import { refuseAmbiguousRequests } from './ambiguous-requests.ts';
import { setRepeatedParametersAside } from './repeated-parameters.ts';
import { parseQuery } from './query.ts';
import { requestId } from './request-id.ts';
import { createRequestMetrics, requestMetrics, type RecordRequest } from './request-metrics.ts';
import { readRequestTarget } from './request-target.ts';
import { securityHeaders } from './security-headers.ts';

/** The headers of every response that its route does not change. */
export const commonHeaders: Readonly<Record<string, string>> = {
  ...securityHeaders(),
  'Cache-Control': 'no-store',
};

/** An Express application with the first steps of every request. */
export function baseApp(
  log: Logger,
  metrics: Metrics,
  recordRequest: RecordRequest = createRequestMetrics(metrics),
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', parseQuery);
  app.use(requestId(), accessLog(log), requestMetrics(recordRequest));
  app.use(setHeaders(commonHeaders));
  app.use(refuseAmbiguousRequests, readRequestTarget, setRepeatedParametersAside());
  return app;
}

export function setHeaders(headers: Record<string, string>): RequestHandler {
  const pairs = Object.entries(headers);
  return (_req, res, next) => {
    for (const [name, value] of pairs) res.setHeader(name, value);
    next();
  };
}

/** Answers a scrape with all metrics. */
export const sendMetrics =
  (metrics: Metrics): RequestHandler =>
  async (_req, res) => {
    res.type(metrics.contentType).send(await metrics.text());
  };

/** Answers every request that no route matched. */
export const noSuchRoute: RequestHandler = () => {
  throw new Problem(problems.notFound);
};
