import { type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { listening, resolveTo, scaled, serverUrl } from '../../testing/index.ts';
import { createInternalClient, type InternalClientOptions } from './internal-client.ts';
import { createServiceTokenVerifier } from '../tokens/service-token.ts';

const secret = 'c'.repeat(32);
const servers: Server[] = [];

async function clientOf(handler: RequestListener, timeoutMs = scaled(2_000)) {
  const server = await listening(handler);
  servers.push(server);
  return createInternalClient({
    baseUrl: serverUrl(server),
    caller: 'caller',
    callee: 'callee',
    secrets: [secret],
    timeoutMs,
  });
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close(() => {}).closeAllConnections();
});

describe('the internal client', () => {
  test('sends its service token and JSON', async () => {
    let seen: IncomingMessage | undefined;
    const client = await clientOf((req, res) => {
      seen = req;
      res.writeHead(409, { 'Content-Type': 'application/json' }).end('{"code":"taken"}');
    });
    expect(await client.request('PUT', '/internal/x', { a: 1 })).toEqual({
      status: 409,
      data: { code: 'taken' },
    });
    const token = seen?.headers.authorization?.replace('Bearer ', '') ?? '';
    expect(() => createServiceTokenVerifier('callee', { caller: [secret] })(token, ['caller'])).not.toThrow();
  });

  test.each([
    ['an answer of 500', (_req, res) => res.writeHead(500).end()],
    ['a broken connection', (req) => req.socket.destroy()],
  ] satisfies [string, RequestListener][])('retries once after %s', async (_what, fault) => {
    let calls = 0;
    const client = await clientOf((req, res) => {
      calls++;
      if (calls === 1) fault(req, res);
      else res.end('{}');
    });
    expect(await client.request('PUT', '/x')).toMatchObject({ status: 200 });
    expect(calls).toBe(2);
  });

  test.each([
    ['never answers', () => {}],
    ['answers 500 each time', (_req, res) => res.writeHead(500).end()],
    ['does not know the caller', (_req, res) => res.writeHead(401).end()],
    ['does not allow the call', (_req, res) => res.writeHead(403).end()],
  ] satisfies [string, RequestListener][])(
    'fails when a service %s: the call may have arrived',
    async (_what, handler) => {
      const client = await clientOf(handler, scaled(200));
      await expect(client.request('PUT', '/x')).rejects.toMatchObject({
        type: { status: 503, code: 'service_unavailable' },
        mayHaveArrived: true,
      });
    },
  );

  test.each([
    [400, true],
    [404, false],
    [409, true],
    [422, true],
  ])('throws a refusal of %i, and whether it is permanent', async (status, isFinal) => {
    const client = await clientOf((_req, res) =>
      res.writeHead(status, { 'Content-Type': 'application/json' }).end('{"code":"no"}'),
    );
    await expect(client.call('PUT', '/x')).rejects.toMatchObject({
      name: 'ServiceRefusalError',
      message: `callee answered ${status} no`,
      isFinal,
    });
  });

  test('calls another address of the service when one refuses the connection', async () => {
    let calls = 0;
    const server = await listening((req, res) => {
      calls++;
      req.pipe(res.setHeader('Content-Type', 'application/json'));
    });
    servers.push(server);
    const { port } = new URL(serverUrl(server));
    const restore = resolveTo('callee.test', ['127.0.0.2', '127.0.0.1']);
    const client = createInternalClient({
      baseUrl: `http://callee.test:${port}`,
      caller: 'caller',
      callee: 'callee',
      secrets: [secret],
      timeoutMs: scaled(2_000),
    });
    const body = { text: 'x'.repeat(100_000) };
    expect(await client.request('PUT', '/x', body)).toEqual({ status: 200, data: body });
    expect(calls).toBe(1);
    restore();
  });

  test('gets no refusal while the secret of a pair is replaced, one service after another', async () => {
    const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
    type Secrets = InternalClientOptions['secrets'];
    const steps: Secrets[] = [[old], [old, next], [next, old], [next]];
    const callees = await Promise.all(
      [0, 1].map(async () => {
        let verify = createServiceTokenVerifier('callee', { caller: [old] });
        const server = await listening((req, res) => {
          try {
            verify(req.headers.authorization?.replace('Bearer ', '') ?? '', ['caller']);
            res.end();
          } catch {
            res.writeHead(401).end();
          }
        });
        servers.push(server);
        const restart = (secrets: Secrets) => {
          verify = createServiceTokenVerifier('callee', { caller: secrets });
        };
        return { baseUrl: serverUrl(server), restart };
      }),
    );
    const callersWith = (secrets: Secrets) =>
      callees.map(({ baseUrl }) =>
        createInternalClient({
          baseUrl,
          caller: 'caller',
          callee: 'callee',
          secrets,
          timeoutMs: scaled(2_000),
        }),
      );
    const callers = [callersWith([old]), callersWith([old])];
    const callAll = () => Promise.all(callers.flat().map((client) => client.call('PUT', '/x')));
    for (const secrets of steps) {
      for (const [index, callee] of callees.entries()) {
        callee.restart(secrets);
        await callAll();
        callers[index] = callersWith(secrets);
        await callAll();
      }
    }
    callers[0] = callersWith([old]);
    await expect(callAll()).rejects.toMatchObject({ type: { status: 503 } });
  });

  test('reports that a refused call has not arrived, and logs no secret', async () => {
    const client = createInternalClient({
      baseUrl: 'http://127.0.0.1:1',
      caller: 'a',
      callee: 'b',
      secrets: [secret],
      timeoutMs: 200,
    });
    const failure = client.request('PUT', '/x', { password: 'hunter2' });
    await expect(failure).rejects.toMatchObject({ mayHaveArrived: false });
    const error: unknown = await failure.catch((reason: unknown) => reason);
    expect(JSON.stringify(error)).not.toMatch(/hunter2|Bearer/);
  });
});
