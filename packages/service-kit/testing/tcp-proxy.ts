import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './free-ports.ts';
import { serverUrl } from './servers.ts';

/**
 * A TCP proxy at `host` to the server at `hostname` and `port`. `disconnect` acts like a killed server, `hang` like a
 * network that loses everything; `recover` ends both. It has `spare` connections to the server ready, for one that takes
 * time to greet.
 */
export async function startTcpProxy(
  { hostname, port }: { hostname: string; port: string },
  { spare = 0 } = {},
) {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket.on('error', () => socket.destroy()));
    socket.on('close', () => sockets.delete(socket));
  };
  const destroyAll = () => sockets.forEach((socket) => socket.destroy());
  let ready: Socket[] = [];
  function openSpare(): void {
    ready = ready.filter((far) => !far.destroyed);
    while (ready.length < spare) ready.push(openFar());
  }
  function openFar(): Socket {
    const far = connect(Number(port), hostname);
    track(far);
    return far;
  }
  let isHanging = false;
  const server = createServer({ pauseOnConnect: true }, (near) => {
    track(near);
    if (isHanging) return;
    const far = ready.find(({ destroyed }) => !destroyed) ?? openFar();
    ready = ready.filter((other) => other !== far);
    openSpare();
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }).listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl(server));
  openSpare();

  function disconnect(): void {
    server.close();
    destroyAll();
  }
  function recover(): void {
    // Bytes in transit are lost, so the clients have to connect again.
    if (isHanging) destroyAll();
    isHanging = false;
    if (!server.listening) server.listen(Number(url.port), url.hostname);
  }

  return {
    host: url.host,
    disconnect,
    hang() {
      isHanging = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    recover,
    close() {
      destroyAll();
      server.close();
    },
  };
}
