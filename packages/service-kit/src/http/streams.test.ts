import { once } from 'node:events';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { send, serverUrl, until } from '../../testing/index.ts';
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
  body: stream({ contentTypes, limitBytes }),
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

  test('keeps the connection usable after a refusal', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    const statusOf = async (body: Buffer) => {
      const req = request(new URL('/upload', url), { method: 'POST', headers: ndjson, agent });
      req.once('socket', (socket) => sockets.add(socket));
      const response = once(req, 'response') as Promise<[IncomingMessage]>;
      req.write('first');
      req.end(body);
      const [res] = await response;
      await text(res);
      return res.statusCode;
    };
    expect(await statusOf(Buffer.alloc(20 * limitBytes))).toBe(413);
    expect(await statusOf(Buffer.from('fine'))).toBe(200);
    expect(sockets.size).toBe(1);
    agent.destroy();
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
