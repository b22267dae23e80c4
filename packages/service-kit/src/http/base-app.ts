import express, { type Express, type RequestHandler, type Response } from 'express';
import type { Logger } from '../process/logging.ts';
import type { Metrics } from '../process/metrics.ts';
import { runInRequest } from '../process/request-scope.ts';
import type { Tracing } from '../process/tracing.ts';
import { Problem, problems } from '../problems/problem.ts';
import { createAccessLog } from './access-log.ts';
import { checkRequest } from './request-checks.ts';
import { setRepeatedParametersAside } from './repeated-parameters.ts';
import { parseQuery } from './query.ts';
import { giveRequestId } from './request-id.ts';
import { createRequestMetrics, type RecordRequest } from './request-metrics.ts';
import { requestOutcome } from './request-outcome.ts';
import { checkRequestTarget } from './request-target.ts';
import { securityHeaders } from './security-headers.ts';

type Headers = Readonly<Record<string, string>>;

/** The headers of every response that its route does not change. */
export const commonHeaders: Headers = {
  ...securityHeaders(),
  'Cache-Control': 'no-store',
};

/** The value of `X-Forwarded-By` in a request of the gateway, which sets `commonHeaders` itself. */
export const forwardedByGateway = 'polyglot-notes-gateway';

interface BaseAppOptions {
  recordRequest?: RecordRequest;
  /** Headers of every response, in place of the common ones. */
  headers?: Headers;
  /** Whether requests come from the gateway too. Their responses leave the common headers to it. */
  isBehindGateway?: boolean;
  tracing?: Tracing | undefined;
}

/** An Express application with the first steps of every request. */
export function baseApp(log: Logger, metrics: Metrics, options: BaseAppOptions = {}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', parseQuery);
  const { recordRequest = createRequestMetrics(metrics) } = options;
  app.use(beginRequest(log, { ...options, recordRequest }));
  return app;
}

/** One function, because each middleware costs as much as its work. */
function beginRequest(
  log: Logger,
  {
    recordRequest,
    headers = {},
    isBehindGateway = false,
    tracing,
  }: BaseAppOptions & { recordRequest: RecordRequest },
): RequestHandler {
  const logRequest = createAccessLog(log);
  const setAllHeaders = headerSetter({ ...commonHeaders, ...headers });
  const setOwnHeaders = headerSetter(without(commonHeaders, headers));
  return (req, res, next) => {
    const start = performance.now();
    const id = giveRequestId(req);
    const span = tracing?.resume(req.headers['traceparent']);
    res.setHeader('X-Request-Id', id);
    res.once('close', () => {
      const route: unknown = req.route?.path;
      const { userId, isPolled } = res.locals;
      const level = isPolled === true && res.statusCode < 400 ? 'debug' : 'info';
      logRequest(req, res, { start, level, details: { route, userId, traceId: span?.traceId } });
      recordRequest(req, res, { start, route });
      span?.end(requestOutcome(req, res, route));
    });
    if (isBehindGateway && req.headers['x-forwarded-by'] === forwardedByGateway) setOwnHeaders(res);
    else setAllHeaders(res);
    runInRequest(
      id,
      () => {
        checkRequest(req);
        if (!checkRequestTarget(req, res)) return;
        setRepeatedParametersAside(req, res);
        next();
      },
      span,
    );
  };
}

const without = (others: Headers, headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name, value]) => others[name] !== value));

function headerSetter(headers: Headers): (res: Response) => void {
  const pairs = Object.entries(headers);
  return (res) => {
    for (const [name, value] of pairs) res.setHeader(name, value);
  };
}

/** Answers every request that no route matched. */
export const noSuchRoute: RequestHandler = () => {
  throw new Problem(problems.notFound);
};
