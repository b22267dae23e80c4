import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLineWriter, type Logger } from '../process/logging.ts';

interface RequestLine {
  /** The `performance.now()` of its begin. */
  start: number;
  level: 'info' | 'debug';
  details: {
    route?: unknown;
    upstream?: string | undefined;
    userId?: string | undefined;
    traceId?: string | undefined;
  };
}

/**
 * Creates a function that logs one line for a request whose response is closed. The path is left out because it may contain a
 * secret, so the fields need no redaction.
 */
export function createAccessLog(log: Logger) {
  const write = {
    info: createLineWriter(log, 'info', 'request'),
    debug: createLineWriter(log, 'debug', 'request'),
  };
  return (
    { headers, method }: IncomingMessage,
    { headersSent, statusCode, writableFinished }: ServerResponse,
    { start, level, details: { route, upstream, userId, traceId } }: RequestLine,
  ): void => {
    // The event can belong to another request of the connection, or to none, so the id is not that of the log's context.
    let fields = `"requestId":${JSON.stringify(headers['x-request-id'])},"method":"${method}"`;
    if (route !== undefined) fields += `,"route":${JSON.stringify(route)}`;
    if (upstream !== undefined) fields += `,"upstream":"${upstream}"`;
    if (headersSent) fields += `,"status":${statusCode}`;
    fields += `,"durationMs":${Math.round((performance.now() - start) * 10) / 10}`;
    if (userId !== undefined) fields += `,"userId":"${userId}"`;
    if (traceId !== undefined) fields += `,"trace_id":"${traceId}"`;
    if (!writableFinished) fields += ',"aborted":true';
    write[level](fields);
  };
}
