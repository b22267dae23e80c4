import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemType } from '../problems/problem.ts';

export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
}

/** Bytes that are not a request. Without a `type`, they get no response. */
interface Fault {
  type: ProblemType | undefined;
}

/** The requests of one connection in their order, and the fault behind them. */
export function createRequestQueue() {
  const waiting: Exchange[] = [];
  let current: Exchange | undefined;
  let latest: Exchange | undefined;
  let fault: Fault | undefined;

  const incomplete = () => (latest?.req.complete === false ? latest : undefined);

  return {
    /** Adds a request. Returns whether it is the current one. */
    add(exchange: Exchange): boolean {
      latest = exchange;
      if (current !== undefined) waiting.push(exchange);
      current ??= exchange;
      return current === exchange;
    },

    /** Ends the current request. Returns the next one, which is then the current one. */
    next(): Exchange | undefined {
      if (latest?.req.complete) latest = undefined;
      current = waiting.shift();
      return current;
    },

    /** Records a fault. The problem `type` belongs to it, unless the faulty request has a response or another is pending. */
    fail(type: ProblemType): void {
      const faulty = incomplete();
      const hasResponse = faulty === undefined ? current !== undefined : faulty.res.headersSent;
      fault = { type: hasResponse ? undefined : type };
      if (faulty === undefined || hasResponse) return;
      if (faulty === current) current = undefined;
      else waiting.pop();
    },

    clear(): void {
      waiting.length = 0;
      current = undefined;
    },

    current: () => current,
    fault: () => fault,
    /** The request whose body has not arrived completely. */
    incomplete: () => incomplete()?.req,
    isIdle: () => current === undefined,
    isWaiting: () => waiting.length > 0,
    /** Whether nothing more may be read until the current response has ended. */
    isHeld: () => waiting.length > 0 || (fault !== undefined && current !== undefined),
    /** Whether the current response is the last one of the connection. */
    isLast: () => waiting.length === 0 && fault !== undefined && fault.type === undefined,
  };
}
