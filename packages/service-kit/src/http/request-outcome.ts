import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Span } from '../process/tracing.ts';

/** How the span of a request ends whose response is closed. `target` is its route pattern, or what else may be public. */
export const requestOutcome = (
  { method = '' }: IncomingMessage,
  { statusCode }: ServerResponse,
  target: unknown,
): Parameters<Span['end']>[0] => ({
  name: typeof target === 'string' ? `${method} ${target}` : method,
  attributes: { 'http.request.method': method, 'http.response.status_code': statusCode },
  ...(statusCode >= 500 && { error: statusCode }),
});
