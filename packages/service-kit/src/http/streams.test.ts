import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { gzipSync } from 'node:zlib';
import { parseAnswer, send, sendBytes, serverUrl, until } from '../../testing/index.ts';
import { createLogger } from '../process/logging.ts';
import { createMetrics } from '../process/metrics.ts';
import { baseApp } from './base-app.ts';
import { problemJson } from '../problems/problem-json.ts';
import { createHttpServer } from './http-server.ts';
import { mountRoutes } from './mount.ts';
import { route, stream, type Chunks } from './route.ts';

const limitBytes = 1_000_000;
const contentTypes = ['application/x-ndjson', 'application/zip'] as const;
const ndjson = { 'Content-Type': 'application/x-ndjson' };

const lines: Record<string, unknown>[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) });
const events: string[] = [];
let replyWith: () => Chunks;

const upload = route({
  method: 'post',
  path: '/upload',
  tag: 'Things',
  summary: 'Count bytes',
  access: 'public',
  body: stream({ contentTypes, limitBytes: () => limitBytes }),
  responses: {
    200: { description: 'The count', schema: z.object({ contentType: z.string(), bytes: z.int() }) },
  },
  handler: async ({ body: { contentType, stream: source } }) => {
    let bytes = 0;
    try {
      for await (const chunk of source) {
        bytes += (chunk as Buffer).length;
        events.push('chunk');
      }
    } catch (error) {
      events.push(`failed: ${String(error)}`);
      throw error;
    }
    return { status: 200, body: { contentType, bytes } };
  },
});
const unread = route({
  ...upload,
  path: '/unread',
  body: stream({ contentTypes, limitBytes }),
  responses: { 204: { description: 'Nothing was read' } },
  handler: async () => ({ status: 204 }),
});
const download = route({
  method: 'get',
  path: '/download',
  tag: 'Things',
  summary: 'Read a stream',
  access: 'public',
  responses: { 200: { description: 'The content', stream: { contentTypes } } },
  handler: async () => ({
    status: 200,
    headers: { 'Content-Disposition': 'attachment' },
    contentType: 'application/x-ndjson',
    stream: replyWith(),
  }),
});
const largeJson = route({
  method: 'post',
  path: '/large-json',
  tag: 'Things',
  summary: 'Read a large body',
  access: 'public',
  jsonLimitBytes: 4 * 1024 * 1024,
  body: z.strictObject({ name: z.string() }),
  responses: { 204: { description: 'Read' } },
  handler: async () => ({ status: 204 }),
});

const app = baseApp(log, createMetrics(log));
mountRoutes(app, [upload, unread, download, largeJson], {});
app.use(problemJson(log));
const server = createHttpServer(app, log);
let url: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = serverUrl(server);
});
beforeEach(() => {
  lines.length = 0;
  events.length = 0;
});
afterAll(() => server.close().closeAllConnections());

const post = (body: string | Buffer, headers: Record<string, string> = ndjson, path = '/upload') =>
  send(url, path, { method: 'POST', headers, body });

/** A request whose body is still open, for a test that writes it piece by piece. */
function open(method: string, path: string, headers: Record<string, string> = {}) {
  const req: ClientRequest = request(new URL(path, url), { method, headers });
  const response = once(req, 'response').then(([res]) => res as IncomingMessage);
  response.catch(() => {});
  return { req, response };
}

const requestLine = async () => {
  await until(() => lines.some(({ msg }) => msg === 'request'));
  return lines.find(({ msg }) => msg === 'request');
};

describe('a body that is a stream', () => {
  test.each([
    ['another content type', { 'Content-Type': 'application/json' }],
    ['no content type', {}],
    ['another charset', { 'Content-Type': 'application/x-ndjson; charset=utf-16' }],
    ['a content encoding', { ...ndjson, 'Content-Encoding': 'gzip' }],
  ])('refuses %s', async (_what, headers) => {
    const answer = await post('{}', headers);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    expect(events).toEqual([]);
  });

  test('refuses a Content-Length above the limit before any byte arrives', async () => {
    const { req, response } = open('POST', '/upload', {
      ...ndjson,
      'Content-Length': String(limitBytes + 1),
    });
    req.flushHeaders();
    const res = await response;
    expect(JSON.parse(await text(res))).toMatchObject({ status: 413, code: 'payload_too_large' });
    req.destroy();
  });

  test('refuses a body without a length as soon as it passes the limit', async () => {
    const { req, response } = open('POST', '/upload', ndjson);
    req.on('error', () => {});
    req.write(Buffer.alloc(limitBytes));
    await until(() => events.includes('chunk'));
    req.write('more');
    const res = await response;
    expect(JSON.parse(await text(res))).toMatchObject({
      status: 413,
      code: 'payload_too_large',
      detail: 'The body may have at most 1000000 bytes.',
    });
    req.destroy();
  });

  test('closes the connection when it is too large, so that its rest is not read', async () => {
    const { req, response } = open('POST', '/upload', ndjson);
    req.on('error', () => {});
    const closed = once(req, 'close');
    req.write(Buffer.alloc(2 * limitBytes));
    const res = await response;
    expect([res.statusCode, res.headers.connection]).toEqual([413, 'close']);
    expect(JSON.parse(await text(res))).toMatchObject({ code: 'payload_too_large' });
    await closed;
  });

  test('fails for the handler when the client disconnects', async () => {
    const { req } = open('POST', '/upload', ndjson);
    req.on('error', () => {});
    req.write('half');
    await until(() => events.includes('chunk'));
    req.destroy();
    expect(await requestLine()).toMatchObject({ aborted: true });
    expect(events.at(-1)).toBe('failed: Problem: The body ended early.');
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('may be left unread', async () => {
    expect((await post('a'.repeat(limitBytes), ndjson, '/unread')).status).toBe(204);
    expect((await post('a', ndjson, '/unread')).status).toBe(204);
  });

  test('reaches the handler with its content type, up to the limit', async () => {
    const zip = await post(Buffer.alloc(limitBytes), { 'Content-Type': 'application/zip' });
    expect(JSON.parse(zip.body)).toEqual({ contentType: 'application/zip', bytes: limitBytes });
    const empty = await post('', { 'Content-Type': 'application/x-ndjson; charset=UTF-8' });
    expect(JSON.parse(empty.body)).toEqual({ contentType: 'application/x-ndjson', bytes: 0 });
  });
});

const large = 4 * 1024 * 1024;
const asJson = { 'Content-Type': 'application/json' };

describe('a JSON body', () => {
  const postJson = (body: string | Buffer, headers: Record<string, string>) =>
    post(body, headers, '/large-json');

  test.each([
    ['no body', asJson, ''],
    ['a length of 0', { ...asJson, 'Content-Length': '0' }, ''],
    ['no chunks', { ...asJson, 'Transfer-Encoding': 'chunked' }, ''],
    ['no chunks and no type', { 'Transfer-Encoding': 'chunked' }, ''],
    ['blanks', asJson, ' \r\n\t '],
    ['blanks in chunks', { ...asJson, 'Transfer-Encoding': 'chunked' }, ' \n'],
    ['a byte order mark', asJson, '\ufeff'],
    ['blanks in gzip', { ...asJson, 'Content-Encoding': 'gzip' }, gzipSync(' ')],
  ])('that is empty is missing: %s', async (_what, headers, body) => {
    const answer = await postJson(body, headers);
    expect(JSON.parse(answer.body)).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path: 'body' }],
    });
  });

  test.each(['utf8', 'UTF8', 'utf-8', '"UTF-8"', '"utf8"', 'Utf-8 ; q=1'])(
    'may have the charset %s',
    async (charset) => {
      const type = `application/json; charset=${charset}`;
      expect((await postJson('{"name":"é"}', { 'Content-Type': type })).status).toBe(204);
    },
  );

  test.each(['utf-16', 'latin1', 'utf-8x', '"utf-8', ''])('may not have the charset %j', async (charset) => {
    const type = `application/json; charset=${charset}`;
    expect((await postJson('{"name":"é"}', { 'Content-Type': type })).status).toBe(415);
  });

  test.each([
    ['in chunks without a type', { 'Transfer-Encoding': 'chunked' }],
    ['in chunks with another type', { 'Transfer-Encoding': 'chunked', 'Content-Type': 'text/plain' }],
  ])('%s is a 415', async (_what, headers) => {
    expect((await postJson('{"name":"a"}', headers)).status).toBe(415);
  });

  test('in chunks with another type is a 415 before its end', async () => {
    const { req, response } = open('POST', '/large-json', { 'Content-Type': 'text/plain' });
    req.on('error', () => {});
    req.write(' \n');
    req.write('a');
    expect((await response).statusCode).toBe(415);
    req.destroy();
  });

  test.each([
    ['that unpacks to more than the limit', gzipSync(Buffer.alloc(large + 1, ' ')), 413, 'payload_too_large'],
    ['that is cut short', gzipSync('{"name":"a"}').subarray(0, 20), 400, 'malformed_json'],
  ])('in gzip %s is refused', async (_what, body, status, code) => {
    const answer = await postJson(body, { ...asJson, 'Content-Encoding': 'gzip' });
    expect(JSON.parse(answer.body)).toMatchObject({ status, code });
  });
});

describe.each([
  ['JSON', 'POST', '/large-json', asJson, large],
  ['a stream', 'POST', '/upload', ndjson, limitBytes],
  ['no body', 'GET', '/download', asJson, 2 * 1024 * 1024],
])('a body that is too large for a route with %s', (_what, method, path, headers, limit) => {
  const head = (...fields: string[]) =>
    [
      `${method} ${path} HTTP/1.1`,
      'Host: x',
      `Content-Type: ${headers['Content-Type']}`,
      ...fields,
      '',
      '',
    ].join('\r\n');

  test.each([[], ['Expect: 100-continue']])('is refused at once by its Content-Length', async (...fields) => {
    const answer = await sendBytes(url, head(`Content-Length: ${limit + 1}`, ...fields));
    expect(parseAnswer(answer)).toMatchObject({
      status: 413,
      headers: { connection: 'close' },
      body: { code: 'payload_too_large' },
    });
  });

  test('is refused at the first byte too many, in chunks', async () => {
    const chunk = `${(limit + 1).toString(16)}\r\n${'a'.repeat(limit + 1)}`;
    const answer = await sendBytes(url, head('Transfer-Encoding: chunked') + chunk);
    expect(parseAnswer(answer)).toMatchObject({ status: 413, headers: { connection: 'close' } });
  });
});

test('a route without a body ignores a small one', async () => {
  replyWith = () => ['{}'];
  expect((await send(url, '/download', { headers: asJson, body: '{"a":1}' })).status).toBe(200);
});

describe('a reply that is a stream', () => {
  /** Yields chunks until `fault`, or without end; records its end. */
  async function* chunks(count: number, fault?: Error): AsyncGenerator<string> {
    try {
      for (let i = 0; i < count; i++) yield `${'a'.repeat(1_000)}\n`;
      if (fault) throw fault;
    } finally {
      events.push('source ended');
    }
  }

  test('is a problem when its source fails before the first chunk', async () => {
    replyWith = () => chunks(0, new Error('secret'));
    const { status, headers, body } = await send(url, '/download');
    expect(status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ code: 'internal_error' });
    expect(headers).not.toHaveProperty('content-disposition');
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error' }));
  });

  test('breaks the connection when its source fails in the middle', async () => {
    replyWith = () => chunks(100, new Error('secret'));
    await expect(send(url, '/download')).rejects.toThrow(/aborted|ECONNRESET/);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error' }));
  });

  test('ends its source when the client disconnects', async () => {
    replyWith = () => chunks(Infinity);
    const { req, response } = open('GET', '/download');
    req.end();
    const res = await response;
    await once(
      res.on('error', () => {}),
      'data',
    );
    req.destroy();
    await until(() => events.includes('source ended'));
    expect(await requestLine()).toMatchObject({ aborted: true });
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('waits for a client that reads slowly', async () => {
    let produced = 0;
    replyWith = async function* () {
      for (; produced < 50_000; produced++) yield 'a'.repeat(1_000);
    };
    const { req, response } = open('GET', '/download');
    req.end();
    const res = await response;
    res.pause();
    let before = -1;
    await until(() => {
      const isStill = produced === before;
      before = produced;
      return isStill;
    });
    expect(produced).toBeLessThan(50_000);
    expect((await text(res)).length).toBe(50_000_000);
  });

  test('has its content type and headers, and every chunk', async () => {
    replyWith = () => ['{"a":1}\n', Buffer.from('{"b":2}\n')];
    const { status, headers, body } = await send(url, '/download');
    expect([status, body]).toEqual([200, '{"a":1}\n{"b":2}\n']);
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment',
      'transfer-encoding': 'chunked',
    });
  });

  test('may be empty, and has no body for HEAD', async () => {
    replyWith = () => [];
    expect(await send(url, '/download')).toMatchObject({ status: 200, body: '' });
    replyWith = () => chunks(Infinity);
    const { status, headers, body } = await send(url, '/download', { method: 'HEAD' });
    expect([status, headers['content-type'], body]).toEqual([200, 'application/x-ndjson', '']);
    expect(events).toEqual(['source ended']);
  });

  test('is read for HEAD up to its first chunk, and has ended before the answer', async () => {
    let produced = 0;
    replyWith = async function* () {
      try {
        for (; ; produced++) yield 'a';
      } finally {
        await setTimeout(20);
        events.push('source ended');
      }
    };
    await send(url, '/download', { method: 'HEAD' });
    expect([produced, events]).toEqual([0, ['source ended']]);
  });

  test('must have a content type that is declared', async () => {
    const wrong = {
      ...download,
      path: '/wrong',
      responses: { 200: { description: 'x', stream: { contentTypes: [] } } },
    };
    const own = baseApp(log, createMetrics(log));
    mountRoutes(own, [wrong], {});
    own.use(problemJson(log));
    const other = createHttpServer(own, log).listen(0, '127.0.0.1');
    await once(other, 'listening');
    replyWith = () => [];
    expect((await send(serverUrl(other), '/wrong')).status).toBe(500);
    other.close();
  });
});

describe('a route with a JSON limit of its own', () => {
  const json = { 'Content-Type': 'application/json' };
  const bodyOf = (length: number) => JSON.stringify({ name: 'a'.repeat(length) });

  test('refuses what is larger', async () => {
    const answer = await post(bodyOf(4_200_000), json, '/large-json');
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'payload_too_large',
      detail: 'The body may have at most 4 MiB.',
    });
  });

  test('takes what the usual limit would refuse', async () => {
    expect((await post(bodyOf(3_000_000), json, '/large-json')).status).toBe(204);
  });
});
