import { once } from 'node:events';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { createHttpServer, createLogger } from '@polyglot-notes/service-kit';
import { listening, serverUrl } from '@polyglot-notes/service-kit/testing';

const open: { close(): void }[] = [];

/** Closes all servers that the functions below have started. */
export function closeAll(): void {
  for (const server of open.splice(0)) server.close();
}

/** Starts an HTTP server on a free port and returns its URL. */
export async function listen(handler: RequestListener): Promise<string> {
  return opened(await listening(handler));
}

/** Starts the HTTP server of the services on a free port and returns its URL. */
export async function listenLikeAService(
  handler: RequestListener,
  options: Parameters<typeof createHttpServer>[2] = {},
): Promise<string> {
  const server = createHttpServer(handler, createLogger('test', 'silent'), options).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return opened(server);
}

function opened(server: Server): string {
  open.push({ close: () => server.close(() => {}).closeAllConnections() });
  return serverUrl(server);
}

/** Starts a TCP server that passes connections to `onConnection`, and returns its URL. */
export async function listenTcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  open.push({ close: () => (server.close(), sockets.forEach((socket) => socket.destroy())) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return serverUrl(server);
}

/** Starts a service that records its requests and echoes them. */
export async function recorder() {
  const reached: { url: string; headers: IncomingHttpHeaders; bytes: number }[] = [];
  const url = await listen((req, res) => {
    let bytes = 0;
    req.on('data', (chunk: Buffer) => (bytes += chunk.length));
    req.on('end', () => {
      reached.push({ url: req.url ?? '', headers: req.headers, bytes });
      res.setHeader('Content-Type', 'application/json').end(JSON.stringify({ url: req.url, bytes }));
    });
  });
  return { url, reached };
}
