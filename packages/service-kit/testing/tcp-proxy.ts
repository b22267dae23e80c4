import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { serverUrl } from './servers.ts';

/**
 * A way to the server at `hostname` and `port` that a test can cut, as if the server was killed, or let hang, as if the
 * network lost everything, and mend; `host` is where it begins.
 */
export async function startTcpProxy({ hostname, port }: { hostname: string; port: string }) {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket.on('error', () => socket.destroy()));
    socket.on('close', () => sockets.delete(socket));
  };
  const destroyAll = () => sockets.forEach((socket) => socket.destroy());
  let isHanging = false;
  const server = createServer({ pauseOnConnect: true }, (near) => {
    track(near);
    if (isHanging) return;
    const far = connect(Number(port), hostname);
    track(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl(server));
  return {
    host: url.host,
    cut() {
      server.close();
      destroyAll();
    },
    hang() {
      isHanging = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend() {
      // What was on its way is lost: who waits for it has to connect anew.
      if (isHanging) destroyAll();
      isHanging = false;
      if (!server.listening) server.listen(Number(url.port), url.hostname);
    },
    close() {
      destroyAll();
      server.close();
    },
  };
}
