import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';

/** What the log line of a request has beside its times and status. */
export interface LoggedDetails {
  route?: unknown;
  upstream?: unknown;
  userId?: unknown;
}

export type LogRequest = ReturnType<typeof createAccessLog>;

/**
 * Creates a function that logs one line for a request whose response is closed. `start` is its `performance.now()`. The path
 * is left out because it may contain a secret, so the fields need no redaction.
 */
export function createAccessLog(log: Logger) {
  const lines = log.child({}, { redact: [] });
  return (
    { headers, method }: IncomingMessage,
    { headersSent, statusCode, writableFinished }: ServerResponse,
    { start, level, details }: { start: number; level: 'info' | 'debug'; details: LoggedDetails },
  ): void => {
    lines[level](
      {
        // The event can belong to another request of the connection, or to none.
        requestId: headers['x-request-id'],
        method,
        route: details.route,
        upstream: details.upstream,
        status: headersSent ? statusCode : undefined,
        durationMs: Math.round((performance.now() - start) * 10) / 10,
        userId: details.userId,
        ...(!writableFinished && { aborted: true }),
      },
      'request',
    );
  };
}
