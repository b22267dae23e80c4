import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listening, serverUrl } from './servers.ts';

type Fault = (req: IncomingMessage, res: ServerResponse) => void;

/** A call as it came: `POST`, `/path`, and the parsed body. */
export interface FakeCall {
  method: string;
  path: string;
  body: unknown;
}

/**
 * Another service, played by `answer`. A test can let its calls fail: `before` they do anything, or `after`, so that
 * the answer is lost. `calls` are those that were answered or lost so, `attempts` counts all. Calls to a path in `polled`
 * come all the time: no fault touches them and nothing counts them.
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

  return {
    url: serverUrl(server),
    faults,
    calls,
    attempts: () => attempts,
    mend() {
      faults.before = undefined;
      faults.after = undefined;
    },
    close: () => server.close(() => {}).closeAllConnections(),
  };
}

const reply = (res: ServerResponse, [status, body]: [status: number, body: object]) =>
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

/** Faults: the connection breaks, nothing is ever said, or the service has an accident. */
export const breaks: Fault = (req) => req.socket.destroy();
export const isSilent: Fault = () => {};
export const fails: Fault = (_req, res) => res.writeHead(500).end();
