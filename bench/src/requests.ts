import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

// With a timeout, the agent closes an idle connection a second before the service would. Without one, a request could
// be sent on a connection that the service is closing.
const agent = new Agent({ keepAlive: true, timeout: 60_000 });
// Longer than the time-outs of the services.
const timeoutMs = 90_000;

export interface Call {
  method?: string | undefined;
  token?: string | undefined;
  body?: unknown;
}

/** An answer, its body undefined if it is empty, with the times of `performance.now()` at which the request was sent and the answer began to arrive. */
export interface Answer {
  status: number;
  body: unknown;
  sentAt: number;
  answeredAt: number;
}

/** Sends one request over a kept connection and reads its answer. Throws if there is none. */
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
  const content = await text(answer);
  const read: unknown = content === '' ? undefined : JSON.parse(content);
  return { status: answer.statusCode ?? 0, body: read, sentAt, answeredAt };
}

/** Resolves at the time `due` of `performance.now()`, or at once if it has passed, so that late work catches up. */
export async function at(due: number): Promise<void> {
  const wait = due - performance.now();
  if (wait > 0) await delay(wait);
}
