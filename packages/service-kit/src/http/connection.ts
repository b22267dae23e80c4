import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ProblemType } from '../problems/problem.ts';
import { awaitsContinue } from './expect-continue.ts';
import { lingerWhenClosed } from './linger.ts';

/** A body up to this size is read and dropped when it is not needed. A larger one ends its connection. */
const droppedBytes = 64 * 1024;

interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
}

interface ConnectionOptions {
  listener: RequestListener;
  /** Whether every response is to close its connection. */
  draining: () => boolean;
  /** Sends a problem that belongs to no parsed request, and closes the connection. */
  refuse: (socket: Socket, type: ProblemType) => void;
}

export type Connection = ReturnType<typeof createConnection>;

/**
 * Serves the requests of one connection one at a time (RFC 9112, section 9.3.2). While requests wait, nothing more is
 * read. A request behind a response that closes the connection is never carried out (section 9.6).
 */
export function createConnection(socket: Socket, { listener, draining, refuse }: ConnectionOptions) {
  const waiting: Exchange[] = [];
  let current: Exchange | undefined;
  let hasServed = false;
  let hasFailed = false;
  let problem: ProblemType | undefined;

  lingerWhenClosed(socket);
  // Node resumes the socket after each parsed message.
  socket.on('resume', () => {
    if (socket.writable && isHeld()) socket.pause();
  });

  const isHeld = () => waiting.length > 0 || (hasFailed && current !== undefined);

  const closesAfter = ({ req }: Exchange) =>
    draining() ||
    awaitsContinue(req) ||
    hasLargeRest(req) ||
    (hasFailed && waiting.length === 0 && problem === undefined);

  function begin(exchange: Exchange): void {
    const { req, res } = exchange;
    current = exchange;
    hasServed = true;
    const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => typeof res;
    res.writeHead = (...args: unknown[]) => {
      if (closesAfter(exchange)) res.setHeader('Connection', 'close');
      return writeHead(...args);
    };
    // Other connections have their turn between two requests of this one.
    res.once('close', () => (waiting.length > 0 ? setImmediate(end, exchange) : end(exchange)));
    listener(req, res);
  }

  function end({ req }: Exchange): void {
    current = undefined;
    if (!socket.writable) {
      waiting.length = 0;
      return;
    }
    if (!req.readableEnded) req.resume();
    const next = waiting.shift();
    if (next !== undefined) begin(next);
    else if (problem !== undefined) refuse(socket, problem);
    else if (hasFailed) socket.destroySoon();
    if (!isHeld()) socket.resume();
  }

  return {
    serve(req: IncomingMessage, res: ServerResponse): void {
      if (!socket.writable || hasFailed) return;
      if (current === undefined) begin({ req, res });
      else {
        waiting.push({ req, res });
        socket.pause();
      }
    },

    /** Ends the connection after the responses to the requests before the fault. A request that it cuts short gets `type`. */
    fail(type: ProblemType): void {
      if (hasFailed || !socket.writable) return;
      hasFailed = true;
      const last = waiting.at(-1) ?? current;
      const cutsShort = last === undefined || (!last.req.complete && !last.res.headersSent);
      if (last === current && cutsShort) refuse(socket, type);
      else if (cutsShort) {
        waiting.pop();
        problem = type;
      }
      if (isHeld()) socket.pause();
    },

    /** Whether the client has left the connection unused, or a response unread, for the time of the socket's timeout. */
    isStalled: (): boolean => (current === undefined ? hasServed : socket.writableLength > 0),
  };
}

function hasLargeRest({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > droppedBytes;
}
