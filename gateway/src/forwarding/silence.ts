import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { awaitsContinue } from '@polyglot-notes/service-kit';
import { ConnectTimeout, UpstreamTimeout } from './upstream-problem.ts';

/** Aborts the request when the service is silent for too long: while it connects, reads, or responds. */
export function limitSilence(
  proxyReq: ClientRequest,
  req: IncomingMessage,
  res: ServerResponse,
  { connectMs, silenceMs }: { connectMs: number; silenceMs: number },
): void {
  const { socket } = proxyReq;
  if (socket === null) return;
  const waitsForBody = () => !req.complete && !proxyReq.writableNeedDrain && !awaitsContinue(req);
  const waitsForClient = () => !socket.connecting && (res.writableNeedDrain || waitsForBody());
  const restartTimer = () => socket.setTimeout(socket.connecting ? connectMs : silenceMs);
  const onSilence = () => {
    const { bytesRead, bytesWritten } = socket;
    // What has arrived meanwhile, from the service or from the client, is read first.
    setImmediate(() => {
      const isActive = socket.bytesRead > bytesRead || socket.bytesWritten > bytesWritten;
      if (waitsForClient() || isActive) restartTimer();
      else proxyReq.destroy(socket.connecting ? new ConnectTimeout() : new UpstreamTimeout());
    });
  };
  restartTimer().on('timeout', onSilence);
  if (socket.connecting) socket.once('connect', restartTimer);
  // After the client has caught up, the time of the service starts anew.
  res.on('drain', restartTimer);
  proxyReq.once('close', () => {
    res.off('drain', restartTimer);
    socket.off('timeout', onSilence).off('connect', restartTimer);
  });
}
