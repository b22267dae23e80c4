import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listening, serverUrl } from './servers.ts';

type Fault = (req: IncomingMessage, res: ServerResponse) => void;

/** A received call: `POST`, `/path`, and the parsed body. */
export interface FakeCall {
  method: string;
  path: string;
  body: unknown;
}

/**
 * A fake of another service whose answers come from `answer`. A fault makes its calls fail: `before` they do anything, or
 * `after`, so that the answer is lost. `calls` are the calls that reached `answer`, `attempts` counts all. Paths in
 * `polled` are called all the time: they have no faults and are not counted.
 */
export async function startFake(
  answer: (call: FakeCall) => [status: number, body: object],
  polled: readonly string[] = [],
) {
  const faults: { before?: Fault | undefined; after?: Fault | undefined } = {};
  const calls: FakeCall[] = [];
  let attempts = 0;

  const server = await listening((req, res) => void serve(req, res));

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const sent = await text(req);
    const call = { method: req.method ?? '', path: req.url ?? '', body: JSON.parse(sent || '{}') as unknown };
    if (polled.includes(call.path.split('?')[0] ?? '')) {
      reply(res, answer(call));
      return;
    }
    attempts++;
    if (faults.before) {
      faults.before(req, res);
      return;
    }
    calls.push(call);
    const answered = answer(call);
    if (faults.after) faults.after(req, res);
    else reply(res, answered);
  }

  function recover(): void {
    faults.before = undefined;
    faults.after = undefined;
  }

  return {
    url: serverUrl(server),
    faults,
    calls,
    attempts: () => attempts,
    /** Removes all faults. */
    recover,
    close: () => server.close(() => {}).closeAllConnections(),
  };
}

const reply = (res: ServerResponse, [status, body]: [status: number, body: object]) =>
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

/** Faults: the connection is closed, no answer comes, or the service answers 500. */
export const dropsConnection: Fault = (req) => req.socket.destroy();
export const neverAnswers: Fault = () => {};
export const answers500: Fault = (_req, res) => res.writeHead(500).end();
