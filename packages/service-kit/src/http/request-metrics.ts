import type { RequestHandler } from 'express';
import type { Metrics } from '../process/metrics.ts';

const knownMethods = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'TRACE',
]);

/** Records the duration of each request by OpenTelemetry's semantic conventions for HTTP. */
export function requestMetrics(metrics: Metrics): RequestHandler {
  const record = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  });
  return (req, res, next) => {
    const start = performance.now();
    res.once('close', () => {
      const route: unknown = req.route?.path;
      const labels = {
        http_request_method: knownMethods.has(req.method) ? req.method : '_OTHER',
        ...(typeof route === 'string' && { http_route: route }),
        ...(res.headersSent && { http_response_status_code: res.statusCode }),
      };
      record(labels, (performance.now() - start) / 1000);
    });
    next();
  };
}
