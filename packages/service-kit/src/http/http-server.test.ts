import { once } from 'node:events';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseAnswer, sendBytes, serverUrl, until } from '../../testing/index.ts';
import { createHttpServer } from './http-server.ts';
import { createLogger } from '../process/logging.ts';
import { createMetrics } from '../process/metrics.ts';
import { problemJson } from '../problems/problem-json.ts';
import { baseApp } from './base-app.ts';

const publicUrl = 'https://notes.example.com';
const lines: Record<string, unknown>[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) });
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

type Options = Parameters<typeof createHttpServer>[2];

async function startServer(listener: RequestListener, options?: Options): Promise<Server> {
  const server = createHttpServer(listener, log, options).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return server;
}

const start = async (listener: RequestListener, options?: Options) =>
  serverUrl(await startServer(listener, options));

/** An application that counts the bytes of the body. */
function app() {
  const whole = baseApp(log, createMetrics(log));
  whole.use(async (req, res) => {
    let bytes = 0;
    for await (const chunk of req) bytes += (chunk as Buffer).length;
    res.end(JSON.stringify({ bytes }));
  });
  whole.use(problemJson(log, { publicUrl }));
  return whole;
}

const head = (line: string, ...fields: string[]) => [line, 'Host: x', ...fields, '', ''].join('\r\n');
const get = (path: string, ...fields: string[]) => head(`GET ${path} HTTP/1.1`, ...fields);
const post = (...fields: string[]) => head('POST / HTTP/1.1', ...fields);

/** A connection for a test that writes and reads it itself. */
function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect({ host: hostname, port: Number(port) }).on('error', () => {});
}

/** Requests that a test answers itself, in any order. */
async function startByHand(options?: Options) {
  const begun: string[] = [];
  const responses: Parameters<RequestListener>[1][] = [];
  const server = await startServer((req, res) => {
    begun.push(req.url ?? '');
    responses.push(res);
  }, options);
  const answer = (index: number, body = `answer ${index}`) =>
    until(() => responses[index] !== undefined).then(() => void responses[index]?.end(body));
  return { server, url: serverUrl(server), begun, answer, responses };
}

describe('an HTTP server', () => {
  test.each([
    ['no HTTP', 'HELP\r\n\r\n', 400, 'malformed_request'],
    ['TLS', '\x16\x03\x01\x02\0\x01\0', 400, 'malformed_request'],
    ['an unknown method', head('BREW / HTTP/1.1'), 400, 'malformed_request'],
    ['a header with a NUL', head('GET / HTTP/1.1', 'X: a\0b'), 400, 'malformed_request'],
    ['a blank before a colon', head('GET / HTTP/1.1', 'X : a'), 400, 'malformed_request'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'malformed_request'],
    ['an invalid Host', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400, 'malformed_request'],
    ['a Host with a path', 'GET / HTTP/1.1\r\nHost: x/../y\r\n\r\n', 400, 'malformed_request'],
    ['lines without CR', 'GET / HTTP/1.1\nHost: x\n\n', 400, 'malformed_request'],
    [
      'two content types',
      `${post('Content-Type: application/json', 'Content-Type: text/plain', 'Content-Length: 2')}{}`,
      400,
      'malformed_request',
    ],
    ['two Hosts', head('GET / HTTP/1.1', 'Host: y'), 400, 'malformed_request'],
    [
      'a length and chunks',
      `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
      400,
      'malformed_request',
    ],
    ['two lengths', `${post('Content-Length: 5', 'Content-Length: 6')}hello!`, 400, 'malformed_request'],
    [
      'two transfer codings',
      `${post('Transfer-Encoding: gzip, chunked')}0\r\n\r\n`,
      400,
      'malformed_request',
    ],
    ['an unknown transfer coding', `${post('Transfer-Encoding: xchunked')}hello`, 400, 'malformed_request'],
    [
      'a broken chunk',
      `${post('Transfer-Encoding: chunked')}5\r\nhello\r\nnonsense`,
      400,
      'malformed_request',
    ],
    [
      'an endless chunk extension',
      `${post('Transfer-Encoding: chunked')}5;${'x'.repeat(20_000)}`,
      413,
      'payload_too_large',
    ],
    ['a large header', head('GET / HTTP/1.1', `X: ${'a'.repeat(20_000_000)}`), 431, 'headers_too_large'],
    ['a long URL', head(`GET /${'a'.repeat(1_000_000)} HTTP/1.1`), 431, 'headers_too_large'],
    [
      'ten thousand headers',
      head('GET / HTTP/1.1', ...Array<string>(10_000).fill('a: b')),
      431,
      'headers_too_large',
    ],
  ])('refuses %s with a problem and serves the next request', async (_what, bytes, status, code) => {
    const url = await start(app(), { publicUrl });
    const { body, headers, ...answer } = parseAnswer(await sendBytes(url, bytes));
    expect(answer.status).toBe(status);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const type = `${publicUrl}/problems#${code}`;
    expect(body).toMatchObject({ type, status, code, requestId: headers['x-request-id'] });
    expect((await fetch(url)).status).toBe(200);
  });

  test('logs a request that the parser refused', async () => {
    lines.length = 0;
    const { body } = parseAnswer(await sendBytes(await start(app()), 'HELP\r\n\r\n'));
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        msg: 'malformed HTTP request',
        status: 400,
        requestId: body['requestId'],
      }),
    ]);
  });

  test.each([
    ['headers', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    ['a body', `${post('Content-Length: 10')}hello`],
  ])('refuses a client that takes too long for %s', async (_what, bytes) => {
    const url = await start(app(), { timeouts: { headersMs: 100, requestMs: 200 }, publicUrl });
    expect(parseAnswer(await sendBytes(url, bytes)).body).toMatchObject({
      type: `${publicUrl}/problems#request_timeout`,
      status: 408,
      code: 'request_timeout',
    });
  });

  describe('with a body that takes longer than a request may', () => {
    const timeouts = { headersMs: 100, requestMs: 200 };
    const sentMs = 3 * timeouts.requestMs;
    const chunk = `${(1_000).toString(16)}\r\n${'a'.repeat(1_000)}\r\n`;

    /** Sends a body in chunks for some time, then `end`, and resolves with the answer. */
    async function sendSlowly(end: string) {
      const socket = openSocket(await start(app(), { timeouts }));
      const answer = text(socket);
      socket.write(post('Transfer-Encoding: chunked', 'Connection: close'));
      const since = performance.now();
      while (performance.now() - since < sentMs) {
        socket.write(chunk);
        await delay(20);
      }
      socket.write(end);
      return parseAnswer(await answer);
    }

    test('lets it arrive', async () => {
      const { status, body } = await sendSlowly('0\r\n\r\n');
      expect(status).toBe(200);
      expect(body['bytes']).toBeGreaterThanOrEqual(1_000);
    });

    test('refuses it when no more arrives', async () => {
      expect(await sendSlowly('')).toMatchObject({ status: 408, body: { code: 'request_timeout' } });
    });
  });

  test('ignores an unknown expectation', async () => {
    const answer = await sendBytes(
      await start(app()),
      head('GET / HTTP/1.1', 'Expect: a miracle', 'Connection: close'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a request that is not HTTP/1.0 or HTTP/1.1', () => {
  test.each([
    ['HTTP/2.0', head('GET / HTTP/2.0')],
    ['HTTP/3.0', head('GET / HTTP/3.0')],
    ['HTTP/1.2', head('GET / HTTP/1.2')],
    ['HTTP/0.9', head('GET / HTTP/0.9')],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('is a 505: %s', async (_what, bytes) => {
    expect(parseAnswer(await sendBytes(await start(app()), bytes))).toMatchObject({
      status: 505,
      body: { code: 'http_version_not_supported' },
    });
  });
});

test('a request behind an Upgrade, whose bytes Node drops, is not expected on the same connection', async () => {
  const upgrade = head('GET / HTTP/1.1', 'Connection: Upgrade', 'Upgrade: h2c');
  const { status, headers } = parseAnswer(await sendBytes(await start(app()), upgrade + upgrade));
  expect([status, headers['connection']]).toEqual([200, 'close']);
});

describe('a request target', () => {
  const echo = () => {
    const whole = baseApp(log, createMetrics(log));
    whole.use((req, res) => res.json({ url: req.url, original: req.originalUrl, host: req.headers.host }));
    return whole.use(problemJson(log));
  };
  const targetOf = async (line: string, ...fields: string[]) => {
    const bytes = [line, 'Connection: close', ...fields, '', ''].join('\r\n');
    return parseAnswer(await sendBytes(await start(echo()), bytes));
  };

  test.each([
    ['http://other.example/api/notes?a=1', '/api/notes?a=1', 'other.example'],
    ['HTTPS://other.example:8443/a', '/a', 'other.example:8443'],
    ['http://[::1]:80/a', '/a', '[::1]:80'],
    ['http://other.example', '/', 'other.example'],
    ['http://other.example?a=1', '/?a=1', 'other.example'],
    ['http://other.example//internal', '//internal', 'other.example'],
  ])('in absolute form is read as its path, and its host replaces Host: %s', async (target, url, host) => {
    const { body } = await targetOf(`GET ${target} HTTP/1.1`, 'Host: x');
    expect(body).toEqual({ url, original: url, host });
  });

  test.each([
    ['GET http:///a HTTP/1.1'],
    ['GET http://user:secret@x/a HTTP/1.1'],
    ['GET http://[::1/a HTTP/1.1'],
    ['OPTIONS http://]/ HTTP/1.1'],
    ['POST http://[::1]:8x/a HTTP/1.1'],
    ['DELETE http://[fe80::1%25eth0]/ HTTP/1.1'],
    ['GET http://x\\y/a HTTP/1.1'],
    ['GET ftp://x/a HTTP/1.1'],
    ['GET * HTTP/1.1'],
    ['GET example.com:80 HTTP/1.1'],
  ])('of another form is a 400: %s', async (line) => {
    expect((await targetOf(line, 'Host: x')).body).toMatchObject({ status: 400, code: 'malformed_request' });
  });

  test.each([[[]], [['Host: x', 'Host: x']], [['Host: a b']], [['Host: x/../y']]])(
    'in absolute form does not make up for a wrong Host: %j',
    async (fields) => {
      expect((await targetOf('GET http://x/a HTTP/1.1', ...fields)).status).toBe(400);
    },
  );

  test('in absolute form may come without a Host in HTTP/1.0', async () => {
    expect((await targetOf('GET http://x/a HTTP/1.0')).body).toMatchObject({ url: '/a', host: 'x' });
  });

  test.each(['OPTIONS * HTTP/1.1', 'OPTIONS http://x HTTP/1.1'])(
    'may be the server itself: %s',
    async (line) => {
      const answer = await sendBytes(await start(echo()), head(line, 'Connection: close'));
      expect(answer).toMatch(/^HTTP\/1\.1 204 [^]*\r\nAllow: GET, HEAD, POST, /);
    },
  );

  test('of CONNECT is refused with a problem', async () => {
    const { status, headers, body } = parseAnswer(
      await sendBytes(
        await start(echo()),
        'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n',
      ),
    );
    expect(status).toBe(405);
    expect(body).toMatchObject({ code: 'method_not_allowed' });
    expect(headers['allow']).toMatch(/^GET, HEAD, /);
  });

  test.each([
    [1_000, 200, undefined],
    [1_001, 400, 'malformed_request'],
  ])('with %i parameters is a %i, and none is dropped', async (count, status, code) => {
    const query = Array.from({ length: count }, (_, i) => `a${i}=1`).join('&');
    const answer = await targetOf(`GET /?${query} HTTP/1.1`, 'Host: x');
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });
});

describe('requests on one connection', () => {
  test('are served one at a time, in their order', async () => {
    const { url, begun, answer } = await startByHand();
    const socket = openSocket(url);
    socket.write(get('/a') + get('/b') + get('/c', 'Connection: close'));
    const all = text(socket);
    await until(() => begun.length > 0);
    expect(begun).toEqual(['/a']);
    await answer(0);
    await until(() => begun.length > 1);
    expect(begun).toEqual(['/a', '/b']);
    await answer(1);
    await answer(2);
    expect((await all).match(/answer \d/g)).toEqual(['answer 0', 'answer 1', 'answer 2']);
  });

  test('are not read while others wait', async () => {
    const { url, begun, answer } = await startByHand();
    const socket = openSocket(url);
    const all = text(socket);
    const kilobyte = `X: ${'a'.repeat(1_000)}`;
    const count = 20_000;
    let written = 0;
    const write = () => {
      while (written < count && socket.write(get(`/${written++}`, kilobyte)));
      if (written === count) socket.end();
    };
    socket.on('drain', write);
    write();
    await until(() => begun.length > 0);
    await until(async () => {
      const before = written;
      await delay(20);
      return written === before;
    });
    expect(begun).toEqual(['/0']);
    expect(written).toBeLessThan(count);
    await answer(0);
    await until(() => begun.length > 1);
    expect(begun).toEqual(['/0', '/1']);
    socket.destroy();
    await all.catch(() => {});
  });

  test('leave other connections their turn', async () => {
    const begun: string[] = [];
    const url = await start((req, res) => {
      begun.push(req.url ?? '');
      if (begun.length === 1) other.write(get('/other'));
      res.end();
    });
    const other = openSocket(url).resume();
    await once(other, 'connect');
    const many = openSocket(url).resume();
    many.write(get('/a').repeat(1_000));
    await until(() => begun.length === 1_001);
    expect(begun.at(-1)).toBe('/a');
    other.destroy();
    many.destroy();
  });

  test.each([
    ['Connection: close', head('GET /a HTTP/1.1', 'Connection: close')],
    ['HTTP/1.0', head('GET /a HTTP/1.0')],
  ])('are not carried out behind one with %s', async (_what, first) => {
    const { url, begun, answer } = await startByHand();
    const all = sendBytes(url, `${first}${post('Content-Length: 2')}{}`);
    await answer(0);
    expect(await all).toMatch(/^HTTP\/1\.1 200 [^]*answer 0$/);
    expect(begun).toEqual(['/a']);
  });

  test('are not carried out behind a response without a length to HTTP/1.0', async () => {
    const { url, begun, responses } = await startByHand();
    const all = sendBytes(
      url,
      `${head('GET /a HTTP/1.0', 'Connection: keep-alive')}${post('Content-Length: 2')}{}`,
    );
    await until(() => responses.length > 0);
    responses[0]?.write('answer ');
    responses[0]?.end('0');
    expect(await all).toMatch(/\r\nConnection: close\r\n[^]*answer 0$/);
    expect(begun).toEqual(['/a']);
  });

  test('get the response although many more bytes follow it', async () => {
    const { url, answer } = await startByHand();
    const socket = openSocket(url);
    socket.write(get('/a', 'Connection: close') + get('/b').repeat(20_000));
    const all = text(socket);
    await answer(0);
    expect(await all).toMatch(/answer 0$/);
  });

  test('are answered when the client has closed its half of the connection', async () => {
    const { url, answer } = await startByHand();
    const socket = openSocket(url);
    socket.end(get('/a') + get('/b'));
    const all = text(socket);
    await answer(0);
    await answer(1);
    expect((await all).match(/answer \d/g)).toEqual(['answer 0', 'answer 1']);
  });
});

describe('bytes that are not a request', () => {
  test.each([
    ['a Content-Length that is too short', `${post('Content-Length: 1')}{}`, 1],
    ['garbage behind a request', `${get('/a')}NONSENSE\r\n\r\n`, 1],
    ['garbage behind two requests', `${get('/a')}${get('/b')}NONSENSE\r\n\r\n`, 2],
  ])('close the connection after the pending responses: %s', async (_what, bytes, count) => {
    const { server, url, answer } = await startByHand();
    const refused = once(server, 'clientError');
    const all = sendBytes(url, bytes);
    await refused;
    for (let i = 0; i < count; i++) await answer(i);
    const responses = (await all).split(/(?=HTTP\/1\.1 )/);
    expect(responses).toHaveLength(count);
    expect(responses.at(-1)).toMatch(/^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n[^]*answer \d$/);
  });

  test('do not end a response that has begun', async () => {
    const { server, url, responses } = await startByHand();
    const socket = openSocket(url);
    socket.write(get('/a'));
    await until(() => responses.length > 0);
    responses[0]?.write('first ');
    const all = text(socket);
    const refused = once(server, 'clientError');
    socket.write('NONSENSE\r\n\r\n');
    await refused;
    responses[0]?.end('second');
    expect(await all).toMatch(/first [^]*second\r\n0\r\n\r\n$/);
  });

  test('in the second of two bodies are refused after the first response', async () => {
    const { url, begun, answer } = await startByHand();
    const all = sendBytes(url, `${get('/a')}${post('Transfer-Encoding: chunked')}zz\r\n`);
    await answer(0);
    expect(await all).toMatch(/answer 0HTTP\/1\.1 400 [^]*malformed_request/);
    expect(begun).toEqual(['/a']);
  });

  test('are missing when a Content-Length is too long', async () => {
    const socket = openSocket(await start(app()));
    socket.end(`${post('Content-Length: 100')}{}`);
    expect(parseAnswer(await text(socket)).body).toMatchObject({ status: 400, code: 'malformed_request' });
  });

  test('are missing behind an early response, and get no second one', async () => {
    const { url, answer } = await startByHand();
    const socket = openSocket(url);
    socket.write(`${post('Content-Length: 500')}hello`);
    await answer(0);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(String(first)).toMatch(/^HTTP\/1\.1 200 [^]*\r\nConnection: keep-alive\r\n[^]*answer 0$/);
    socket.end();
    expect(await text(socket)).toBe('');
  });
});

describe('an idle connection', () => {
  test('is kept for keepAliveMs, which is announced, whatever the other timeouts are', async () => {
    const timeouts = { headersMs: 200, requestMs: 400 };
    const options = { timeouts, sendMs: 300, keepAliveMs: 60_000 };
    const socket = openSocket(await start((_req, res) => res.end('served'), options));
    for (const pauseMs of [0, 1_500]) {
      await delay(pauseMs);
      socket.write(get('/'));
      const [response] = (await once(socket, 'data')) as [Buffer];
      expect(String(response)).toMatch(/^HTTP\/1\.1 200 [^]*\r\nKeep-Alive: timeout=60\r\n[^]*served$/);
    }
    socket.destroy();
  });

  test('is closed without a response after keepAliveMs', async () => {
    const socket = openSocket(await start((_req, res) => res.end('served'), { keepAliveMs: 100 }));
    socket.write(get('/'));
    expect(await text(socket)).toMatch(/served$/);
  });
});

describe('a CONNECT request', () => {
  const tunnel = 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n';

  test.each([
    ['alone', tunnel, 1],
    ['behind a pending request', get('/a') + tunnel, 0],
  ])('%s does no harm when the client resets the connection', async (_what, bytes, answers) => {
    const { server, url } = await startByHand();
    const closed = new Promise((resolve) => {
      server.once('connection', (accepted) => accepted.once('close', resolve));
    });
    const refused = once(server, 'connect');
    const socket = openSocket(url);
    socket.write(bytes);
    await refused;
    for (let i = 0; i < answers; i++) await once(socket, 'data');
    socket.resetAndDestroy();
    expect(await closed).toBe(true);
  });

  test('does not keep its connection when the server closes all', async () => {
    const { server, url } = await startByHand();
    const refused = once(server, 'connect');
    const socket = openSocket(url).resume();
    socket.write(get('/a') + tunnel);
    await refused;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    expect(await closed).toBeUndefined();
  });

  test('behind a large response does not stop it', async () => {
    const { server, url, responses } = await startByHand();
    const refused = once(server, 'connect');
    const socket = openSocket(url).pause();
    socket.write(get('/a') + tunnel);
    await refused;
    const body = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(100_000, 'a')));
    body.pipe(responses[0] as ServerResponse);
    await until(() => responses[0]?.writableNeedDrain === true);
    const answer = await text(socket);
    expect(answer.match(/a{1000}/g)?.length).toBeGreaterThan(9_000);
    expect(answer).toMatch(/\r\nConnection: close\r\n[^]*\r\n0\r\n\r\n$/);
    expect(responses[0]?.writableNeedDrain).toBe(false);
  });

  test('does not keep a response that the client does not read', async () => {
    const { server, url, responses } = await startByHand({ sendMs: 100 });
    const refused = once(server, 'connect');
    const socket = openSocket(url).pause();
    socket.write(get('/a') + tunnel);
    await refused;
    responses[0]?.end(Buffer.alloc(50_000_000));
    await until(() => responses[0]?.destroyed === true);
    expect(responses[0]?.writableFinished).toBe(false);
    socket.destroy();
  });
});

describe('a body that the response does not wait for', () => {
  const refusing: RequestListener = (_req, res) => void res.writeHead(401).end('refused');
  const endless = (socket: Socket, bytes: string) => {
    const write = () => {
      while (!socket.destroyed && socket.writable && socket.write(bytes));
    };
    socket.on('drain', write);
    write();
  };

  test.each([
    ['a large Content-Length', 'Content-Length: 100000000', 'a'.repeat(60_000)],
    ['chunks without an end', 'Transfer-Encoding: chunked', `ea60\r\n${'a'.repeat(60_000)}\r\n`],
  ])('of %s ends the connection, and the client reads the response', async (_what, field, bytes) => {
    const socket = openSocket(await start(refusing));
    socket.write(post(field));
    // The writes may fail before the connection is closed.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(String(first)).toMatch(/^HTTP\/1\.1 401 [^]*\r\nConnection: close\r\n/);
    endless(socket, bytes);
    await closed;
  });

  test('of a small size is dropped, and the connection serves the next request', async () => {
    const answer = await sendBytes(
      await start(refusing),
      `${post('Content-Length: 20000')}${'a'.repeat(20_000)}${get('/', 'Connection: close')}`,
    );
    expect(answer.match(/^HTTP\/1\.1 401 /gm)).toHaveLength(2);
  });

  test.each([
    ['of chunks', 'Transfer-Encoding: chunked', '5\r\nhello\r\n0\r\n\r\n', 5],
    ['of 100,000 bytes', 'Content-Length: 100000', 'a'.repeat(100_000), 100_000],
  ])('%s that is read keeps the connection for the next request', async (_what, field, body, bytes) => {
    const answer = await sendBytes(
      await start(app()),
      post(field) + body + post(field, 'Connection: close') + body,
    );
    expect(answer.match(/HTTP\/1\.1 200 [^]*?\{"bytes":/g)).toHaveLength(2);
    expect(answer.endsWith(`{"bytes":${bytes}}`)).toBe(true);
  });

  test('is not asked for by 100 (Continue)', async () => {
    const answer = await sendBytes(await start(refusing), post('Content-Length: 20', 'Expect: 100-continue'));
    expect(answer).toMatch(/^HTTP\/1\.1 401 [^]*\r\nConnection: close\r\n/);
  });

  test('is asked for by 100 (Continue) when it is read', async () => {
    const socket = openSocket(await start(app()));
    socket.write(post('Content-Length: 5', 'Expect: 100-continue', 'Connection: close'));
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('hello');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [^]*\{"bytes":5\}$/);
  });
});

describe('a response that the client does not read', () => {
  test('ends after a bounded time', async () => {
    const { url, responses } = await startByHand({ sendMs: 100 });
    const socket = openSocket(url);
    socket.pause().write(get('/a'));
    await until(() => responses.length > 0);
    responses[0]?.end(Buffer.alloc(50_000_000));
    await until(() => responses[0]?.destroyed === true);
    expect(responses[0]?.writableFinished).toBe(false);
    socket.destroy();
  });

  test('is not ended while the server works on it', async () => {
    const { server, url, answer } = await startByHand({ sendMs: 20 });
    const all = sendBytes(url, get('/a', 'Connection: close'));
    for (let i = 0; i < 3; i++) await once(server, 'timeout');
    await answer(0);
    expect(await all).toMatch(/answer 0$/);
  });
});
