import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { awaitsContinue } from '@polyglot-notes/service-kit';
import { ConnectTimeout, UpstreamTimeout } from './upstream-problem.ts';

interface Watched {
  proxyReq: ClientRequest;
  req: IncomingMessage;
  res: ServerResponse;
  /** How long the service may be silent once it is connected. */
  silenceMs: number;
  isConnected: boolean;
  /** The bytes read from and written to the service, and the `performance.now()` at which they last changed. */
  bytes: number;
  since: number;
  /** Its index among the watched ones. */
  place: number;
}

const longestSweepMs = 500;

/**
 * Aborts requests whose service is silent for too long: while it connects, reads or responds. The time in which the gateway
 * waits for the client does not count. A timer for all requests costs less than one for each; it is late by a tenth of
 * `connectMs`, and by a second at most.
 */
export function createSilenceWatch(connectMs: number) {
  // In no order. Not a Map, for the reason that upstreams.ts has for `inProgress`.
  const watched: Watched[] = [];
  setInterval(sweep, Math.min(longestSweepMs, Math.ceil(connectMs / 20))).unref();

  function sweep(): void {
    const now = performance.now();
    for (const each of watched) if (isSilent(each, now)) abortUnlessActive(each);
  }

  /** Whether the time of the service is over. It starts anew with each byte and after each wait for the client. */
  function isSilent(each: Watched, now: number): boolean {
    const { socket } = each.proxyReq;
    const isConnected = socket?.connecting === false;
    const bytes = isConnected ? socket.bytesRead + socket.bytesWritten : 0;
    if (bytes !== each.bytes || isConnected !== each.isConnected || (isConnected && waitsForClient(each)))
      Object.assign(each, { bytes, isConnected, since: now });
    return now - each.since >= (isConnected ? each.silenceMs : connectMs);
  }

  function abortUnlessActive(each: Watched): void {
    // When this process was busy, what has arrived meanwhile is read first.
    setImmediate(() => {
      if (!isSilent(each, performance.now())) return;
      each.proxyReq.destroy(each.isConnected ? new UpstreamTimeout() : new ConnectTimeout());
    });
  }

  /** Watches a request until the returned function is called. */
  return (parts: Pick<Watched, 'proxyReq' | 'req' | 'res' | 'silenceMs'>): (() => void) => {
    const since = performance.now();
    const each: Watched = { ...parts, isConnected: false, bytes: 0, since, place: watched.length };
    watched.push(each);
    return () => {
      if (watched[each.place] !== each) return;
      const last = watched.pop();
      if (last === undefined || last === each) return;
      watched[each.place] = last;
      last.place = each.place;
    };
  };
}

const waitsForClient = ({ proxyReq, req, res }: Watched) =>
  res.writableNeedDrain || (!req.complete && !proxyReq.writableNeedDrain && !awaitsContinue(req));
