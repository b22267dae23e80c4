import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@polyglot-notes/service-kit/testing';

/** A client of the system at `url`, over connections that are kept, as a browser or a proxy does. */
export const clientOf = (url: string) =>
  createClient(url, { timeoutMs: 30_000, agent: new Agent({ keepAlive: true }) });

/** A call that a client repeats, with the status that it must have. */
export type Call = () => Promise<{ status: number; expected: number; call: string }>;

/** Repeats these calls with `count` clients until the returned function is called, which returns the failures. */
export function load(calls: Call[], count: number): () => Promise<{ good: number; bad: string[] }> {
  let isOver = false;
  let good = 0;
  const bad: string[] = [];
  const clients = Array.from({ length: count }, async (_, client) => {
    for (let i = client; !isOver; i++) {
      const send = calls[i % calls.length]!;
      try {
        const { status, expected, call } = await send();
        if (status === expected) good++;
        else bad.push(`${call}: ${status}`);
      } catch (error) {
        bad.push(String(Error.isError(error) ? (error.cause ?? error) : error));
      }
      // A pause now and then, so that connections become idle too.
      if (i % 7 === 0) await delay(i % 200);
    }
  });
  return async () => {
    isOver = true;
    await Promise.all(clients);
    return { good, bad };
  };
}
