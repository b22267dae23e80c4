import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseAnswer, sendBytes, serverUrl } from '../../testing/index.ts';
import { createHttpServer } from './http-server.ts';
import { createLogger } from '../process/logging.ts';
import { createMetrics } from '../process/metrics.ts';
import { problemJson } from '../problems/problem-json.ts';
import { baseApp } from './base-app.ts';

const lines: Record<string, unknown>[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) });
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function start(listener: RequestListener, timeouts?: { headersMs: number; requestMs: number }) {
  const server = createHttpServer(listener, log, timeouts).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return serverUrl(server);
}

/** An application that counts the bytes of the body. */
function app() {
  const whole = baseApp(log, createMetrics(log));
  whole.use(async (req, res) => {
    let bytes = 0;
    for await (const chunk of req) bytes += (chunk as Buffer).length;
    res.end(JSON.stringify({ bytes }));
  });
  whole.use(problemJson(log));
  return whole;
}

const head = (line: string, ...fields: string[]) => [line, 'Host: x', ...fields, '', ''].join('\r\n');
const post = (...fields: string[]) => head('POST / HTTP/1.1', ...fields);

describe('an HTTP server', () => {
  test.each([
    ['no HTTP', 'HELP\r\n\r\n', 400, 'malformed_request'],
    ['TLS', '\x16\x03\x01\x02\0\x01\0', 400, 'malformed_request'],
    ['an unknown method', head('BREW / HTTP/1.1'), 400, 'malformed_request'],
    ['a header with a NUL', head('GET / HTTP/1.1', 'X: a\0b'), 400, 'malformed_request'],
    ['a blank before a colon', head('GET / HTTP/1.1', 'X : a'), 400, 'malformed_request'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'malformed_request'],
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
    const url = await start(app());
    const { body, headers, ...answer } = parseAnswer(await sendBytes(url, bytes));
    expect(answer.status).toBe(status);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(body).toMatchObject({ type: 'about:blank', status, code, requestId: headers['x-request-id'] });
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
    const url = await start(app(), { headersMs: 100, requestMs: 200 });
    expect(parseAnswer(await sendBytes(url, bytes)).body).toMatchObject({
      status: 408,
      code: 'request_timeout',
    });
  });

  test('does not answer a request with the error of the next one', async () => {
    const url = await start((_req, res) => void delay(100).then(() => res.end('late')));
    expect(await sendBytes(url, `${head('GET / HTTP/1.1')}NONSENSE\r\n\r\n`)).toBe('');
  });

  test('ignores an unknown expectation', async () => {
    const answer = await sendBytes(
      await start(app()),
      head('GET / HTTP/1.1', 'Expect: a miracle', 'Connection: close'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});
