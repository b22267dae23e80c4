import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCode } from '../process/error-code.ts';
import type { Logger } from '../process/logging.ts';
import { problemBody } from '../problems/problem-json.ts';
import { Problem, problems, type ProblemType } from '../problems/problem.ts';
import { createConnection, type Connection } from './connection.ts';
import { continueWhenRead } from './expect-continue.ts';
import { methods } from './methods.ts';
import { readRequestTarget } from './request-target.ts';

interface HttpServerOptions {
  timeouts?: { headersMs: number; requestMs: number };
  /** How long a client may read nothing of a response before the connection is closed. */
  sendMs?: number;
  /** How long a connection may be idle between two requests. */
  keepAliveMs?: number;
  /** When it has aborted, every response closes its connection. */
  draining?: AbortSignal;
  /** The URL of the gateway, for the links of problems. */
  publicUrl?: string | undefined;
}

const defaultTimeouts = { headersMs: 15_000, requestMs: 300_000 };

/**
 * An HTTP server for `listener`, which gets one request of a connection at a time. It answers errors of the HTTP parser
 * with problems too, and it ends a connection whose body or response would take it without end.
 */
export function createHttpServer(
  listener: RequestListener,
  log: Logger,
  {
    timeouts = defaultTimeouts,
    sendMs = 300_000,
    keepAliveMs = 75_000,
    draining,
    publicUrl,
  }: HttpServerOptions = {},
): Server {
  const connections = new Map<Duplex, Connection>();
  const isDraining = () => draining?.aborted === true;
  draining?.addEventListener('abort', () => {
    for (const connection of connections.values()) connection.closeAfterCurrent();
  });
  const serve: RequestListener = (req, res) => {
    readRequestTarget(req);
    connections.get(req.socket)?.serve(req, res);
  };
  const server = createServer(
    {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      // Node closes a second later than it announces. The timeouts above begin with the first byte of a request.
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: Math.min(5_000, timeouts.headersMs),
      // `checkRequest` checks the Host.
      requireHostHeader: false,
    },
    serve,
  );
  // A client that has closed its half of the connection still reads. Node's types do not know this property.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.timeout = sendMs;
  const closeWithOthers = extendCloseAll(server);
  return (
    server
      .on('connection', (socket) => {
        connections.set(
          socket,
          createConnection(socket, { listener, isDraining, requestMs: timeouts.requestMs, refuse }),
        );
        socket.once('close', () => connections.delete(socket));
      })
      .on('checkContinue', (req, res) => {
        continueWhenRead(req, res);
        serve(req, res);
      })
      // An unknown expectation may be ignored (RFC 9110, section 10.1.1).
      .on('checkExpectation', serve)
      .on('connect', (_req, socket) => {
        const connection = connections.get(socket);
        connection?.restoreListeners();
        connection?.fail(problems.methodNotAllowed);
        closeWithOthers(socket);
      })
      .on('clientError', (error, socket) => {
        const code = errorCode(error);
        if (code === 'ECONNRESET') socket.destroy();
        else if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
          connections.get(socket)?.expire(problems.requestTimeout);
        else connections.get(socket)?.fail(problemOf(error));
      })
      .on('timeout', (socket) => {
        if (connections.get(socket)?.isStalled() === false) socket.setTimeout(sendMs);
        // Only a reset tells a client of HTTP/1.0 that its response is not complete.
        else if (socket.writableLength > 0) socket.resetAndDestroy();
        else socket.destroy();
      })
  );

  function refuse(socket: Socket, type: ProblemType): void {
    const requestId = randomUUID();
    log.info({ status: type.status, code: type.code, requestId }, 'malformed HTTP request');
    socket.write(rawResponse(type, { requestId, publicUrl }));
    socket.destroySoon();
  }
}

/** Returns a function that lets `server.closeAllConnections` close a socket which Node no longer counts. */
function extendCloseAll(server: Server): (socket: Duplex) => void {
  const added = new Set<Duplex>();
  const closeAll = server.closeAllConnections.bind(server);
  server.closeAllConnections = () => {
    closeAll();
    for (const socket of added) socket.destroy();
  };
  return (socket) => {
    added.add(socket);
    socket.once('close', () => added.delete(socket));
  };
}

function problemOf(error: Error): ProblemType {
  switch (errorCode(error)) {
    case 'HPE_HEADER_OVERFLOW':
      return problems.headersTooLarge;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return problems.payloadTooLarge;
    case 'HPE_INVALID_VERSION':
      return isLineBreakFault(error) ? problems.malformedRequest : problems.httpVersionNotSupported;
    case 'HPE_PAUSED_H2_UPGRADE':
      return problems.httpVersionNotSupported;
    default:
      return problems.malformedRequest;
  }
}

/** Whether the version is valid and the line does not end in CRLF. The parser has one code for both faults. */
const isLineBreakFault = (error: Error) =>
  'reason' in error && error.reason === 'Expected CRLF after version';

function rawResponse(
  type: ProblemType,
  { requestId, publicUrl }: { requestId: string; publicUrl: string | undefined },
): string {
  const body = problemBody(new Problem(type), { requestId, publicUrl });
  return [
    `HTTP/1.1 ${type.status} ${STATUS_CODES[type.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(type === problems.methodNotAllowed ? [`Allow: ${methods}`] : []),
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n');
}
