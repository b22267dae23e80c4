import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { serverUrl } from './servers.ts';

/** A way to the server at `hostname` and `port` that a test can cut and mend; `host` is where it begins. */
export async function startTcpProxy({ hostname, port }: { hostname: string; port: string }) {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => sockets.add(socket.on('error', () => socket.destroy()));
  let isCut = false;
  const server = createServer((near) => {
    track(near);
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    track(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: new URL(serverUrl(server)).host,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    mend() {
      isCut = false;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
