import { randomUUID } from 'node:crypto';
import {
  createServer,
  STATUS_CODES,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { errorCode } from '../process/error-code.ts';
import type { Logger } from '../process/logging.ts';
import { problemBody } from '../problems/problem-json.ts';
import { Problem, problems, type ProblemType } from '../problems/problem.ts';

interface Timeouts {
  headersMs: number;
  requestMs: number;
}

// A body may be a large import over a slow connection.
const defaultTimeouts: Timeouts = { headersMs: 15_000, requestMs: 300_000 };

// Closing while the client still sends would reset the connection, and the client could lose the response (RFC 9112,
// section 9.6).
const lingerMs = 500;

/** An HTTP server for `listener` that answers errors of the HTTP parser with problems too. */
export function createHttpServer(listener: RequestListener, log: Logger, timeouts = defaultTimeouts): Server {
  const unanswered = new WeakMap<Duplex, Set<ServerResponse>>();
  const refused = new WeakSet<Duplex>();

  const serve: RequestListener = (req, res) => {
    const responses = unanswered.get(req.socket) ?? new Set();
    unanswered.set(req.socket, responses.add(res));
    res.once('close', () => responses.delete(res));
    listener(req, res);
  };

  return (
    createServer(
      {
        headersTimeout: timeouts.headersMs,
        requestTimeout: timeouts.requestMs,
        connectionsCheckingInterval: Math.min(5_000, timeouts.headersMs),
        // `refuseAmbiguousRequests` checks the Host.
        requireHostHeader: false,
      },
      serve,
    )
      // An unknown expectation may be ignored (RFC 9110, section 10.1.1).
      .on('checkExpectation', serve)
      .on('clientError', (error, socket) => {
        if (refused.has(socket)) return;
        refused.add(socket);
        const code = errorCode(error);
        if (!socket.writable || code === 'ECONNRESET') socket.destroy();
        else if (isNextResponse(unanswered.get(socket))) refuse(socket, problemOf(code));
        // The client would take this response for the response to another request.
        else socket.end(() => socket.destroy());
      })
  );

  function refuse(socket: Duplex, type: ProblemType): void {
    const requestId = randomUUID();
    log.info({ status: type.status, code: type.code, requestId }, 'malformed HTTP request');
    socket.end(rawResponse(type, requestId));
    socket.resume();
    setTimeout(() => socket.destroy(), lingerMs).unref();
  }
}

/** Whether the next response on the connection belongs to the request with the error. */
function isNextResponse(responses: Set<ServerResponse> = new Set()): boolean {
  const [first, ...others] = responses;
  return first === undefined || (others.length === 0 && !first.headersSent && !first.req.complete);
}

function problemOf(code: unknown): ProblemType {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return problems.headersTooLarge;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return problems.payloadTooLarge;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problems.requestTimeout;
    default:
      return problems.malformedRequest;
  }
}

function rawResponse(type: ProblemType, requestId: string): string {
  const body = problemBody(new Problem(type), requestId);
  return [
    `HTTP/1.1 ${type.status} ${STATUS_CODES[type.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n');
}
