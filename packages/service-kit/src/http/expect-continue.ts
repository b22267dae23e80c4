import type { IncomingMessage, ServerResponse } from 'node:http';

const waiting = new WeakMap<IncomingMessage, { send: () => void; stopWatching: () => void }>();

/** Sends 100 (Continue) when the body is first read, so that a refused request gets none (RFC 9110, section 10.1.1). */
export function continueWhenRead(req: IncomingMessage, res: ServerResponse): void {
  const watch = (event: string | symbol) => {
    if (event === 'data' || event === 'readable') takeContinue(req)?.();
  };
  const send = () => {
    if (waiting.delete(req) && !res.headersSent) res.writeContinue();
  };
  waiting.set(req, { send, stopWatching: () => req.off('newListener', watch) });
  req.on('newListener', watch);
}

/** Whether the client still waits for 100 (Continue). */
export const awaitsContinue = (req: IncomingMessage): boolean => waiting.has(req);

/** Leaves 100 (Continue) to the caller: returns a function that sends it; undefined when the client does not wait. */
export function takeContinue(req: IncomingMessage): (() => void) | undefined {
  const taken = waiting.get(req);
  taken?.stopWatching();
  return taken?.send;
}
