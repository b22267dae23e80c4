import { ServerResponse, type IncomingMessage, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { ProblemType } from '../problems/problem.ts';
import { awaitsContinue } from './expect-continue.ts';
import { hasBody } from './read-body.ts';
import { lingerWhenClosed } from './linger.ts';
import { createRequestQueue, type Exchange } from './request-queue.ts';

/** A body up to this size is read and dropped when it is not needed. A larger one ends its connection. */
const droppedBytes = 64 * 1024;

/** The rate at which a body has to arrive once it takes longer than `requestMs`. */
export const minBytesPerSecond = 1024;

interface ConnectionOptions {
  listener: RequestListener;
  /** Whether every response is to close its connection. */
  isDraining: () => boolean;
  /** The time for a whole request, which a body gets again as long as it arrives fast enough. */
  requestMs: number;
  /** Sends a problem that belongs to no parsed request, and closes the connection. */
  refuse: (socket: Socket, type: ProblemType) => void;
}

export type Connection = ReturnType<typeof createConnection>;

/**
 * Serves the requests of one connection one at a time (RFC 9112, section 9.3.2). While requests wait, nothing more is
 * read. A request behind a response that closes the connection is never carried out (section 9.6).
 */
export function createConnection(
  socket: Socket,
  { listener, isDraining, requestMs, refuse }: ConnectionOptions,
) {
  const queue = createRequestQueue();
  let hasServed = false;
  let bytesBefore = 0;

  lingerWhenClosed(socket);
  // Node resumes the socket after each parsed message.
  socket.on('resume', () => {
    if (socket.writable && queue.isHeld()) socket.pause();
  });

  function begin({ req, res }: Exchange): void {
    hasServed = true;
    // Node drops the bytes that come together with an Upgrade.
    if (isDraining() || req.headers.upgrade !== undefined || queue.isLast()) res.shouldKeepAlive = false;
    else if (hasBody(req) || awaitsContinue(req))
      closeConnectionIf(() => awaitsContinue(req) || hasLargeRest(req), res);
    // Other connections have their turn between two requests of this one.
    res.once('close', () => (queue.isWaiting() ? setImmediate(end, req) : end(req)));
    listener(req, res);
  }

  function end(req: IncomingMessage): void {
    if (!socket.writable) {
      queue.clear();
      return;
    }
    if (!req.readableEnded) req.resume();
    const next = queue.next();
    if (next !== undefined) begin(next);
    else closeAfterFault();
    if (!queue.isHeld()) socket.resume();
  }

  /** Lets Node send `Connection: close` in the current response, unless its headers have been written. */
  function closeAfterCurrent(): void {
    const current = queue.current();
    if (current !== undefined) current.res.shouldKeepAlive = false;
  }

  function closeAfterFault(): void {
    const fault = queue.fault();
    if (fault === undefined) return;
    if (fault.type === undefined) socket.destroySoon();
    else refuse(socket, fault.type);
  }

  /** Ends the connection after the responses to the complete requests. An incomplete request gets the problem `type`. */
  function fail(type: ProblemType): void {
    if (!socket.writable || queue.fault() !== undefined) return;
    queue.fail(type);
    if (queue.isLast()) closeAfterCurrent();
    if (queue.isIdle()) closeAfterFault();
    else socket.pause();
  }

  function isArriving(req: IncomingMessage): boolean {
    const bytes = socket.bytesRead - bytesBefore;
    bytesBefore = socket.bytesRead;
    // Bytes that nobody has read yet hold back those that follow.
    return bytes >= (minBytesPerSecond * requestMs) / 1000 || req.readableLength > 0;
  }

  function failUnlessArriving(req: IncomingMessage, type: ProblemType): void {
    // When this process was busy, what has arrived meanwhile is read first.
    setImmediate(() => {
      if (req.complete || req.destroyed) return;
      if (isArriving(req)) setTimeout(failUnlessArriving, requestMs, req, type).unref();
      else fail(type);
    });
  }

  return {
    fail,
    closeAfterCurrent,
    restoreListeners: rememberListeners(socket),

    serve(req: IncomingMessage, res: ServerResponse): void {
      if (!socket.writable || queue.fault() !== undefined) return;
      bytesBefore = socket.bytesRead;
      if (queue.add({ req, res })) begin({ req, res });
      else socket.pause();
    },

    /** Refuses a request that did not arrive in `requestMs`, unless it has a body that still arrives. */
    expire(type: ProblemType): void {
      const req = queue.incomplete();
      if (req === undefined) fail(type);
      else failUnlessArriving(req, type);
    },

    /** Whether the client has left the connection unused, or a response unread, for the time of the socket's timeout. */
    isStalled: (): boolean => (queue.isIdle() ? hasServed : socket.writableLength > 0),
  };
}

type WriteHead = (...args: unknown[]) => ServerResponse;
const { writeHead } = ServerResponse.prototype as { writeHead: WriteHead };

/** Lets Node send `Connection: close` in a response when `condition` is true as its headers are written. */
function closeConnectionIf(condition: () => boolean, res: ServerResponse): void {
  (res as { writeHead: WriteHead }).writeHead = function close(this: ServerResponse, ...args: unknown[]) {
    if (condition()) this.shouldKeepAlive = false;
    return writeHead.apply(this, args);
  };
}

/** Returns a function that adds the listeners of Node again, which it removes from the socket of a CONNECT request. */
function rememberListeners(socket: Socket): () => void {
  const remembered = (['close', 'drain', 'error', 'timeout'] as const).flatMap((event) =>
    socket.listeners(event).map((listener) => ({ event, listener: listener as () => void })),
  );
  return () => {
    for (const { event, listener } of remembered) {
      if (!socket.listeners(event).includes(listener)) socket.on(event, listener);
    }
  };
}

/** Whether so much of the body is left that it is not read and dropped. */
function hasLargeRest({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > droppedBytes;
}
