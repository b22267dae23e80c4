import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

// Idle connections end a second before the service says that it ends them; without a timeout of its own, an agent does
// not heed that, and a request may meet the end of its connection.
const agent = new Agent({ keepAlive: true, timeout: 60_000 });
// Longer than any service lets a client wait.
const timeoutMs = 30_000;

interface Call {
  method?: string;
  token?: string;
  body?: unknown;
}

/** An answer, and when, in milliseconds of `performance.now()`, the request was sent and the answer began to arrive. */
export interface Answer {
  status: number;
  body: unknown;
  sentAt: number;
  answeredAt: number;
}

/** Sends one request over kept connections and reads its answer. Throws when there is none. */
export async function send(url: string, { method = 'GET', token, body }: Call = {}): Promise<Answer> {
  const headers = {
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  };
  const sentAt = performance.now();
  const signal = AbortSignal.timeout(timeoutMs);
  const sent = request(url, { method, headers, agent, signal });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const answeredAt = performance.now();
  return { status: answer.statusCode ?? 0, body: await json(answer), sentAt, answeredAt };
}

/** Resolves at the moment `due` of `performance.now()`, at once if it is over: what was late is caught up with. */
export async function at(due: number): Promise<void> {
  const wait = due - performance.now();
  if (wait > 0) await delay(wait);
}
