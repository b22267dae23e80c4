import type { Socket } from 'node:net';

const lingerMs = 500;
const lingerBytes = 16 * 1024 * 1024;

/**
 * Makes `socket.destroySoon` close in two steps (RFC 9112, section 9.6). It first closes the half of the server. It then
 * reads and drops bytes of the client, for a bounded time and size. A reset could otherwise destroy the last response.
 */
export function lingerWhenClosed(socket: Socket): void {
  let isLingering = false;
  socket.destroySoon = () => {
    if (isLingering) return;
    isLingering = true;
    const destroy = () => socket.destroy();
    const wait = () => {
      if (socket.readableEnded) destroy();
      else setTimeout(destroy, lingerMs).unref();
    };
    let left = lingerBytes;
    // Nothing is parsed from here on.
    socket.removeAllListeners('data').removeAllListeners('end');
    socket.on('data', ({ length }: Buffer) => {
      left -= length;
      if (left < 0) destroy();
    });
    socket.once('end', () => {
      if (socket.writableFinished) destroy();
    });
    socket.end(wait);
    socket.resume();
  };
}
