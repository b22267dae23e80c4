import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** A server for `app` that listens on a free port of 127.0.0.1. */
export async function listening(app: RequestListener): Promise<Server> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** The URL of a server that listens on 127.0.0.1. */
export function serverUrl(server: { address(): unknown }): string {
  const address = server.address();
  if (typeof address === 'object' && address !== null && 'port' in address)
    return `http://127.0.0.1:${String(address.port)}`;
  throw new Error('The server does not listen on a TCP port');
}
