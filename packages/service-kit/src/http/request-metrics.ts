import type { IncomingMessage, ServerResponse } from 'node:http';
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

export type RecordRequest = ReturnType<typeof createRequestMetrics>;

/**
 * Creates a function that records the duration of a request whose response is closed, by OpenTelemetry's semantic conventions
 * for HTTP. `start` is its `performance.now()`.
 */
export function createRequestMetrics(metrics: Metrics) {
  const record = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  });
  return (
    { method }: IncomingMessage,
    { headersSent, statusCode }: ServerResponse,
    { start, route }: { start: number; route?: unknown },
  ): void => {
    const labels = {
      http_request_method: knownMethods.has(method ?? '') ? method! : '_OTHER',
      ...(typeof route === 'string' && { http_route: route }),
      ...(headersSent && { http_response_status_code: statusCode }),
    };
    record(labels, (performance.now() - start) / 1000);
  };
}
