import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commonHeaders, createLogger, forwardedByGateway } from '@polyglot-notes/service-kit';
import { parseAnswer, scaled, send, sendBytes, serverUrl, until } from '@polyglot-notes/service-kit/testing';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { ServiceUrls } from '../src/services.ts';
import { gatewayTo as startGateway } from './gateway.ts';
import { privatePaths } from './private-paths.ts';
import { notTagPaths, textSegments } from './text-segments.ts';
import { closeAll, listen, listenLikeAService, listenTcp, recorder } from './upstreams.ts';

const logged: Record<string, unknown>[] = [];
const log = createLogger('gateway', 'info', { write: (line: string) => void logged.push(JSON.parse(line)) });

const gatewayTo = (services: Partial<ServiceUrls>, upstreamTimeoutMs = 300) =>
  startGateway(services, { log, upstreamTimeoutMs });

const problem = ({ body }: { body: string }) => JSON.parse(body) as Record<string, unknown>;

afterAll(closeAll);

describe('the gateway', () => {
  let service: Awaited<ReturnType<typeof recorder>>;
  let gateway: string;
  beforeAll(async () => {
    service = await recorder();
    gateway = await gatewayTo({ auth: service.url, user: service.url, notes: service.url }, 5_000);
  });

  test('forwards path and query unchanged', async () => {
    const answer = await send(gateway, '/api/notes?a=1&a=2&search=%2e%2e%2f');
    expect(problem(answer)['url']).toBe('/api/notes?a=1&a=2&search=%2e%2e%2f');
  });

  test.each(privatePaths)('answers %s with a 404 and does not forward it', async (path) => {
    service.reached.length = 0;
    const answer = await send(gateway, path);
    expect(problem(answer)).toMatchObject({ status: 404, code: 'not_found' });
    expect(service.reached).toEqual([]);
  });

  test.each(textSegments)('forwards the tag %j unchanged, as %s', async (_tag, segment) => {
    const path = `/api/notes/tags/${segment}`;
    const answer = await send(gateway, `${path}?a=1`, { method: 'DELETE' });
    expect(problem(answer)['url']).toBe(`${path}?a=1`);
  });

  test.each(textSegments)('forwards %j in no other place, as %s', async (_tag, segment) => {
    service.reached.length = 0;
    for (const path of notTagPaths(segment)) {
      expect([path, problem(await send(gateway, path))]).toEqual([
        path,
        expect.objectContaining({ status: 404, code: 'not_found' }),
      ]);
    }
    expect(service.reached).toEqual([]);
  });

  test('would leak internal paths with the usual mount of the proxy', async () => {
    service.reached.length = 0;
    const app = express();
    app.use('/api/users', createProxyMiddleware({ target: service.url }));
    const usual = await listen(app);
    await Promise.all(privatePaths.map((path) => send(usual, path)));
    const leaked = service.reached.filter(({ url }) => /^\/internal\//i.test(url));
    expect(leaked.length).toBeGreaterThan(0);
  });

  test('sets the forwarded headers itself', async () => {
    const { headers } = await sendAndLookUp({
      'X-Forwarded-For': '6.6.6.6',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'gopher',
      'X-Forwarded-Port': '99999',
      'X-Forwarded-Prefix': '/evil',
      'X-Forwarded-By': 'evil',
      'X-Real-IP': '6.6.6.6',
      Forwarded: 'for=6.6.6.6',
    });
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-by': forwardedByGateway,
    });
    expect(headers['x-forwarded-host']).toBe(new URL(gateway).host);
    // A random request id could contain any digits.
    const others = { ...headers, 'x-request-id': undefined };
    expect(JSON.stringify(others)).not.toMatch(/6\.6\.6\.6|evil|gopher|99999/);
  });

  test('gives each request an id for the service and the client', async () => {
    const { headers, answer } = await sendAndLookUp({});
    expect(answer.headers['x-request-id']).toBe(headers['x-request-id']);
    const own = await sendAndLookUp({ 'X-Request-Id': 'my-own-id.42' });
    expect(own.headers['x-request-id']).toBe('my-own-id.42');
  });

  test('drops hop-by-hop headers', async () => {
    const { headers, answer } = await sendAndLookUp({
      Connection: 'close, X-Forwarded-For, X-Hop, Content-Length',
      'X-Hop': '1',
      TE: 'trailers',
      Upgrade: 'h2c',
    });
    expect(headers).toMatchObject({ connection: 'keep-alive', 'x-forwarded-for': '127.0.0.1' });
    expect(headers).not.toHaveProperty('te');
    expect(headers).not.toHaveProperty('x-hop');
    expect(headers).not.toHaveProperty('upgrade');
    expect(answer.headers.connection).toBe('close');
  });

  test.each([
    'x-request-id',
    'X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto',
    'authorization',
    'host, content-length, transfer-encoding',
    'content-type, content-encoding',
    'if-match, if-none-match, idempotency-key',
    'user-agent',
  ])('forwards what it relies on although Connection lists %s', async (listed) => {
    const own = {
      'X-Request-Id': 'my-own-id.42',
      Authorization: 'Bearer a',
      'Content-Type': 'application/json',
      'Content-Encoding': 'gzip',
      'Content-Length': '0',
      'If-Match': '"1"',
      'If-None-Match': '"2"',
      'Idempotency-Key': 'a key',
      'User-Agent': 'a test',
    };
    const { headers, answer } = await sendAndLookUp({ ...own, Connection: `close, ${listed}` });
    const lowerCase = Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]);
    expect(headers).toMatchObject(Object.fromEntries(lowerCase));
    expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
    expect(answer.headers['x-request-id']).toBe('my-own-id.42');
  });

  test.each(privatePaths)('does not forward %s in absolute form either', async (path) => {
    service.reached.length = 0;
    const answer = await send(gateway, `http://127.0.0.1${path}`);
    expect(problem(answer)).toMatchObject({ status: expect.any(Number), code: expect.any(String) });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(service.reached).toEqual([]);
  });

  test('forwards a target in absolute form as its path, with its host', async () => {
    service.reached.length = 0;
    expect((await send(gateway, 'http://other.example:81/api/notes?a=1')).status).toBe(200);
    expect(service.reached).toMatchObject([
      { url: '/api/notes?a=1', headers: { 'x-forwarded-host': 'other.example:81' } },
    ]);
  });

  test('streams a large body', async () => {
    const body = Buffer.alloc(20_000_000, 'a');
    const answer = await send(gateway, '/api/notes', { method: 'POST', body });
    expect(problem(answer)['bytes']).toBe(body.length);
  });

  async function sendAndLookUp(headers: Record<string, string>) {
    service.reached.length = 0;
    const answer = await send(gateway, '/api/users/me', { headers });
    return { headers: service.reached[0]?.headers ?? {}, answer };
  }
});

test('adds the common headers that a response of a service lacks', async () => {
  const own = { 'Cache-Control': 'private', 'Content-Security-Policy': 'sandbox' };
  const notes = await listenLikeAService((req, res) =>
    res.writeHead(200, req.url === '/api/notes' ? {} : own).end(),
  );
  const gateway = await gatewayTo({ notes });
  for (const [path, expected] of [
    ['/api/notes', commonHeaders],
    ['/api/notes/export', { ...commonHeaders, ...own }],
  ] as const) {
    const { headers } = await send(gateway, path);
    expect(headers).toMatchObject(
      Object.fromEntries(Object.entries(expected).map(([name, value]) => [name.toLowerCase(), value])),
    );
  }
});

test('does not reuse a connection that the service is about to close', async () => {
  const service = createServer((_req, res) => res.end()).listen(0, '127.0.0.1');
  // The service announces "timeout=2", and the pool closes the connection a second earlier.
  service.keepAliveTimeout = 2_000;
  service.unref();
  await once(service, 'listening');
  const gateway = await gatewayTo({ notes: serverUrl(service) });
  const answer = await send(gateway, '/api/notes');
  expect(answer.headers['keep-alive']).not.toBe('timeout=2');
  const connections = () => promisify(service.getConnections.bind(service))();
  expect(await connections()).toBe(1);
  await delay(1_500);
  expect(await connections()).toBe(0);
  service.close();
});

describe('a service that answers before the end of the body', () => {
  const problemBody = '{"code":"payload_too_large"}';
  const gatewayToRefusing = async () =>
    gatewayTo(
      {
        notes: await listenLikeAService((_req, res) => {
          res.writeHead(413, { 'Content-Length': problemBody.length }).end(problemBody);
        }),
      },
      20_000,
    );
  const post = (...fields: string[]) =>
    ['POST /api/notes HTTP/1.1', 'Host: x', ...fields, '', ''].join('\r\n');

  test.each([
    ['a length and no body', post('Content-Length: 100000000')],
    ['a length', post('Content-Length: 100000000') + 'a'.repeat(100_000)],
    ['chunks', `${post('Transfer-Encoding: chunked')}186a0\r\n${'a'.repeat(100_000)}\r\n`],
    ['an expectation', post('Content-Length: 100000000', 'Expect: 100-continue')],
  ])('answers the client at once, and the connection ends: %s', async (_what, bytes) => {
    expect(parseAnswer(await sendBytes(await gatewayToRefusing(), bytes))).toMatchObject({
      status: 413,
      headers: { connection: 'close' },
      body: { code: 'payload_too_large' },
    });
  });

  test('ends a body without an end', async () => {
    const { hostname, port } = new URL(await gatewayToRefusing());
    const socket = connect(Number(port), hostname).on('error', () => {});
    // The writes may fail before the connection is closed.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const chunk = `ea60\r\n${'a'.repeat(60_000)}\r\n`;
    const write = () => {
      while (socket.writable && socket.write(chunk));
    };
    socket.on('drain', write).write(post('Transfer-Encoding: chunked'));
    write();
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(String(first)).toMatch(/^HTTP\/1\.1 413 /);
    await closed;
  });
});

test('asks for a body by 100 (Continue) only when the service does', async () => {
  const notes = await listenLikeAService((req, res) => {
    if (req.headers.authorization === undefined) res.writeHead(401).end('{}');
    else req.on('data', () => {}).on('end', () => res.end('{}'));
  });
  const gateway = await gatewayTo({ notes }, 20_000);
  const { hostname, port } = new URL(gateway);
  const head = (...fields: string[]) =>
    [
      'POST /api/notes HTTP/1.1',
      'Host: x',
      'Content-Length: 5',
      'Expect: 100-continue',
      ...fields,
      '',
      '',
    ].join('\r\n');
  expect(await sendBytes(gateway, head())).toMatch(/^HTTP\/1\.1 401 /);
  const socket = connect(Number(port), hostname);
  socket.write(head('Authorization: Bearer a', 'Connection: close'));
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('hello');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
});

test.each(['/nothing', '/docs/', '/health/live', '/openapi.json'])(
  'refuses a large body for %s at once',
  async (path) => {
    const bytes = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n`;
    const { status, headers } = parseAnswer(await sendBytes(await gatewayTo({}), bytes));
    expect([status, headers['connection']]).toEqual([path === '/nothing' ? 404 : 405, 'close']);
  },
);

describe('the OpenAPI document', () => {
  const components = { schemas: {}, responses: {}, examples: {}, headers: {}, securitySchemes: {} };
  const empty = { openapi: '3.1.0', paths: {}, components };
  const documents = async () => {
    let sent = 0;
    const app = express().disable('etag');
    let document: object = empty;
    app.get('/openapi.json', (req, res) => {
      const etag = `"${JSON.stringify(document).length}"`;
      res.set('ETag', etag);
      if (req.headers['if-none-match'] === etag) {
        res.status(304).end();
      } else {
        sent++;
        res.json(document);
      }
    });
    const url = await listen(app);
    const gateway = await gatewayTo({ auth: url, user: url, notes: url });
    const paths = { '/api/notes/new': { get: { summary: 'New' } } };
    return { gateway, sent: () => sent, change: () => (document = { ...empty, paths }) };
  };

  test('is read from a service only when it has changed, and sent only to clients without it', async () => {
    const { gateway, sent, change } = await documents();
    const read = (headers = {}) => send(gateway, '/openapi.json', { headers });
    const first = await read();
    const second = await read({ 'If-None-Match': first.headers.etag });
    expect([first.status, second.status, second.body, sent()]).toEqual([200, 304, '', 3]);
    change();
    const third = await read({ 'If-None-Match': first.headers.etag });
    expect([third.status, sent()]).toEqual([200, 6]);
    expect(third.body).toContain('/api/notes/new');
    expect(third.headers.etag).not.toBe(first.headers.etag);
  });
});

describe('a slow client', () => {
  const limitMs = scaled(1_000);

  test('does not cause a timeout while it sends', async () => {
    const { url } = await recorder();
    const { hostname, port } = new URL(await gatewayTo({ notes: url }, limitMs));
    const answer = new Promise<number | undefined>((resolve, reject) => {
      const req = request({ hostname, port, path: '/api/notes', method: 'POST' }, (res) =>
        resolve(res.resume().statusCode),
      );
      req.on('error', reject);
      req.write('first half');
      setTimeout(() => req.end('second half'), 2 * limitMs);
    });
    expect(await answer).toBe(200);
  });

  test('does not cause a timeout while it reads', async () => {
    const size = 50_000_000;
    const body = Buffer.alloc(size, 'a');
    const notes = await listen((_req, res) => res.end(body));
    const { hostname, port } = new URL(await gatewayTo({ notes }, limitMs));
    const received = new Promise<number>((resolve, reject) => {
      request({ hostname, port, path: '/api/notes' }, (res) => {
        let bytes = 0;
        res.once('data', () => {
          res.pause();
          setTimeout(() => res.resume(), 2 * limitMs);
        });
        res.on('data', (chunk: Buffer) => (bytes += chunk.length));
        res.on('error', reject);
        res.on('end', () => resolve(bytes));
      })
        .on('error', reject)
        .end();
    });
    expect(await received).toBe(size);
  });

  test('may use HTTP/1.0 without a Host', async () => {
    const { url } = await recorder();
    const { hostname, port } = new URL(await gatewayTo({ notes: url }));
    const socket = connect(Number(port), hostname);
    socket.write('GET /api/notes HTTP/1.0\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);
const describeIpv6 = hasIpv6 ? describe : describe.skip;

describeIpv6('a service with an IPv6 address', () => {
  test('is reached', async () => {
    const service = createServer((_req, res) => res.end('"here"')).listen(0, '::1');
    await once(service, 'listening');
    const { port } = service.address() as AddressInfo;
    const { status, body } = await send(await gatewayTo({ notes: `http://[::1]:${port}` }), '/api/notes');
    service.close().closeAllConnections();
    expect([status, body]).toEqual([200, '"here"']);
  });
});

test('does not wait for a service for a client that has left while its request was counted', async () => {
  const notes = await listen((_req, res) => res.end());
  const counting = Promise.withResolvers<void>();
  const counted = Promise.withResolvers<{ totalHits: number; resetTime: Date }>();
  const store = () => ({ increment: () => (counting.resolve(), counted.promise) });
  const counters = { store, close: () => {} };
  const gateway = await startGateway(
    { notes },
    {
      log,
      upstreamTimeoutMs: 100,
      limits: { windowMs: 60_000, max: 10, authMax: 0, refreshMax: 0, counters },
    },
  );
  const socket = connect(Number(new URL(gateway).port), '127.0.0.1');
  logged.length = 0;
  socket.write('GET /api/notes HTTP/1.1\r\nHost: x\r\n\r\n');
  await counting.promise;
  socket.resetAndDestroy();
  await until(() => logged.some(({ msg }) => msg === 'request'));
  counted.resolve({ totalHits: 1, resetTime: new Date() });
  await delay(scaled(400));
  // Nothing waits for the service until it has timed out.
  expect(logged.map(({ msg }) => msg)).toEqual(['request']);
});

test('does not use a connection again that the service has closed while the client was slow', async () => {
  const bytes = 5_000_000;
  const notes = await listenTcp((socket) =>
    socket.on('data', (head) => {
      const isLarge = String(head).startsWith('GET /api/notes/large');
      const body = isLarge ? 'a'.repeat(bytes) : 'ok';
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      if (isLarge) socket.end();
    }),
  );
  const gateway = await gatewayTo({ notes }, 5_000);
  const socket = connect(Number(new URL(gateway).port), '127.0.0.1').pause();
  const get = (path: string, ...fields: string[]) =>
    [`GET /api/notes/${path} HTTP/1.1`, 'Host: x', ...fields, '', ''].join('\r\n');
  socket.write(get('large') + get('small', 'Connection: close'));
  await delay(500);
  const answer = await text(socket);
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
});

describe('an upstream fault', () => {
  test('is a 503 with Retry-After when the connection is refused', async () => {
    const answer = await send(await gatewayTo({}), '/api/notes');
    expect(problem(answer)).toMatchObject({ status: 503, code: 'service_unavailable' });
    expect(answer.headers['retry-after']).toBeDefined();
  });

  test('is a 503 when the name does not exist', async () => {
    const answer = await send(await gatewayTo({ notes: 'http://no-such-host.invalid' }, 5_000), '/api/notes');
    expect(problem(answer)).toMatchObject({ status: 503, code: 'service_unavailable' });
  });

  test('is a 502 when the connection is reset', async () => {
    const notes = await listenTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(problem(await send(await gatewayTo({ notes }), '/api/notes'))).toMatchObject({
      status: 502,
      code: 'bad_gateway',
    });
  });

  test('is a 502 when the response is not HTTP', async () => {
    const notes = await listenTcp((socket) => socket.end('SSH-2.0-nonsense\r\n\r\n'));
    expect(problem(await send(await gatewayTo({ notes }), '/api/notes'))).toMatchObject({
      status: 502,
      code: 'bad_gateway',
    });
  });

  test('is a 504 when there is no response in time', async () => {
    const notes = await listenTcp(() => {});
    const answer = await send(await gatewayTo({ notes }), '/api/notes', { method: 'POST', body: '{}' });
    expect(problem(answer)).toMatchObject({ status: 504, code: 'gateway_timeout' });
    expect(problem(answer)['requestId']).toBe(answer.headers['x-request-id']);
  });

  test('breaks the response off when the service dies in the middle of it', async () => {
    const notes = await listenTcp((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () =>
          setTimeout(() => socket.resetAndDestroy(), 50),
        );
      }),
    );
    logged.length = 0;
    const headers = { 'X-Request-Id': 'broken-off-1' };
    const broken = send(await gatewayTo({ notes }), '/api/notes', { headers });
    await expect(broken).rejects.toThrow(/aborted|ECONNRESET/);
    expect(logged).toContainEqual(expect.objectContaining({ level: 'warn', requestId: 'broken-off-1' }));
  });

  test.each([
    ['with a length', 'Content-Length: 100\r\n\r\nhalf'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('breaks a response %s off, also for HTTP/1.0, which has no other sign', async (_what, response) => {
    const notes = await listenTcp((socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${response}`)),
    );
    const gateway = await gatewayTo({ notes });
    await expect(send(gateway, '/api/notes')).rejects.toThrow(/aborted|ECONNRESET/);
    const { hostname, port } = new URL(gateway);
    const socket = connect(Number(port), hostname);
    socket.write('GET /api/notes HTTP/1.0\r\n\r\n');
    await expect(text(socket)).rejects.toThrow('ECONNRESET');
  });

  test('does not affect the next request', async () => {
    let dies = true;
    const notes = await listen((req, res) => (dies ? req.socket.resetAndDestroy() : res.end('fine')));
    const gateway = await gatewayTo({ notes });
    expect((await send(gateway, '/api/notes')).status).toBe(502);
    dies = false;
    expect((await send(gateway, '/api/notes')).body).toBe('fine');
  });

  test('is not reported when the client disconnects', async () => {
    let reached = 0;
    const notes = await listen((req) => {
      reached++;
      req.resume();
    });
    const gateway = await gatewayTo({ notes }, 5_000);
    logged.length = 0;
    const { hostname, port } = new URL(gateway);
    const req = request({
      hostname,
      port,
      path: '/api/notes',
      method: 'POST',
      headers: { 'Content-Length': '1000' },
    });
    const left = new Promise((resolve) => req.on('error', resolve));
    req.write('half a body');
    while (reached === 0) await delay(5);
    req.destroy();
    await left;
    while (!logged.some((line) => line['msg'] === 'request')) await delay(5);
    expect(logged).toEqual([expect.objectContaining({ msg: 'request', aborted: true, upstream: 'notes' })]);
  });
});

describe('/health', () => {
  const ready = () => listen((_req, res) => res.end('{}'));

  test('is ok, degraded or down', async () => {
    const all = { auth: await ready(), user: await ready(), notes: await ready() };
    const ok = await send(await gatewayTo(all), '/health');
    expect(problem(ok)).toMatchObject({ status: 'ok', services: { auth: { status: 'ok' } } });
    const degraded = await send(await gatewayTo({ auth: all.auth }), '/health');
    expect(degraded.status).toBe(200);
    expect(problem(degraded)).toMatchObject({ status: 'degraded', services: { notes: { status: 'down' } } });
    const down = await send(await gatewayTo({}), '/health');
    expect(down.status).toBe(503);
    expect(problem(down)).toMatchObject({ status: 'down' });
  });

  test('probes each service once for simultaneous requests', async () => {
    let asked = 0;
    const auth = await listen((_req, res) => {
      asked++;
      setTimeout(() => res.end('{}'), 300);
    });
    const gateway = await gatewayTo({ auth });
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(gateway, '/health')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(asked).toBe(1);
  });

  test('shows the gateway itself as ready without any service', async () => {
    const gateway = await gatewayTo({});
    expect((await send(gateway, '/health/live')).status).toBe(200);
    expect((await send(gateway, '/health/ready')).status).toBe(200);
  });
});
