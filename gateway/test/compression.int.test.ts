import { request, type IncomingMessage, type RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@polyglot-notes/service-kit/testing';
import { gatewayTo } from './gateway.ts';
import { closeAll, listen } from './upstreams.ts';

const long = JSON.stringify({ text: 'Lorem ipsum dolor sit amet. '.repeat(1_000) });
const json = { 'Content-Type': 'application/json; charset=utf-8' };
const withLength = (body: string) => ({ ...json, 'Content-Length': Buffer.byteLength(body) });

let endStream = () => {};
let hasClosed = false;
const answers: Record<string, RequestListener> = {
  '/api/notes': (_req, res) => res.writeHead(200, withLength(long)).end(long),
  '/api/notes/short': (_req, res) => res.writeHead(200, withLength('{"a":1}')).end('{"a":1}'),
  '/api/notes/problem': (_req, res) =>
    res
      .writeHead(400, { 'Content-Type': 'application/problem+json', 'Content-Length': long.length })
      .end(long),
  '/api/notes/versioned': (_req, res) => res.writeHead(200, { ...withLength(long), ETag: '"3"' }).end(long),
  '/api/notes/zip': (_req, res) =>
    res.writeHead(200, { 'Content-Type': 'application/zip', 'Content-Length': long.length }).end(long),
  '/api/notes/coded': (_req, res) =>
    res.writeHead(200, { ...withLength(long), 'Content-Encoding': 'deflate' }).end(long),
  '/api/notes/kept': (_req, res) =>
    res.writeHead(200, { ...withLength(long), 'Cache-Control': 'no-store, no-transform' }).end(long),
  '/api/notes/stream': (_req, res) => {
    res.writeHead(200, { 'Content-Type': 'application/x-ndjson' }).write(long);
    endStream = () => res.end(long);
  },
  '/api/notes/broken': (_req, res) => {
    res.writeHead(200, withLength(long)).write(long.slice(0, 20_000));
    setImmediate(() => res.destroy());
  },
  '/api/notes/endless': (_req, res) => {
    res.writeHead(200, { ...json, 'Content-Length': 1e12 });
    const write = () => {
      while (res.write(Buffer.alloc(64 * 1024, Math.random().toString())));
    };
    res.on('drain', write).once('close', () => (hasClosed = true));
    write();
  },
};

let gateway: string;
beforeAll(async () => {
  gateway = await gatewayTo({ notes: await listen((req, res) => answers[req.url!]!(req, res)) });
});
afterAll(closeAll);

function open(path: string, headers: Record<string, string>, method = 'GET'): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(gateway + path, { method, headers }, resolve)
      .on('error', reject)
      .end();
  });
}

async function get(path: string, accepted?: string, method?: string) {
  const res = await open(path, accepted === undefined ? {} : { 'Accept-Encoding': accepted }, method);
  return { status: res.statusCode, headers: res.headers, body: await buffer(res) };
}

test.each([
  ['br, gzip', 'br'],
  ['gzip, deflate, br;q=1', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0.1, gzip;q=0.9', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['GZIP', 'gzip'],
])('a client that accepts %j gets a long response as %s', async (accepted, coding) => {
  const { headers, body } = await get('/api/notes', accepted);
  expect(headers).toMatchObject({ 'content-encoding': coding, vary: 'Origin, Accept-Encoding' });
  expect(headers).not.toHaveProperty('content-length');
  expect(body.length).toBeLessThan(1_000);
  expect((coding === 'br' ? brotliDecompressSync : gunzipSync)(body).toString()).toBe(long);
});

test.each([[undefined], [''], ['identity'], ['zstd'], ['gzip;q=0'], [',;=q']])(
  'a client that accepts %j gets it as it is',
  async (accepted) => {
    const { headers, body } = await get('/api/notes', accepted);
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers['content-length']).toBe(String(long.length));
    expect(body.toString()).toBe(long);
  },
);

test('a long problem is compressed', async () => {
  const { status, body } = await get('/api/notes/problem', 'gzip');
  expect([status, gunzipSync(body).toString()]).toEqual([400, long]);
});

test.each(['short', 'versioned', 'zip', 'kept'])('a response that is %s is sent as it is', async (kind) => {
  const { headers } = await get(`/api/notes/${kind}`, 'br, gzip');
  expect(headers).not.toHaveProperty('content-encoding');
  expect(headers).toHaveProperty('content-length');
});

test('a response that has a coding gets no second one', async () => {
  const { headers, body } = await get('/api/notes/coded', 'br, gzip');
  expect([headers['content-encoding'], body.toString()]).toEqual(['deflate', long]);
});

test.each([
  ['long', '/api/notes', 'gzip', undefined],
  ['short', '/api/notes/short', 'gzip', '7'],
  ['long', '/api/notes', undefined, String(long.length)],
])(
  'HEAD of a %s response (%s) with the codings %s has the length %s',
  async (_what, path, coding, length) => {
    const { status, headers } = await get(path, coding, 'HEAD');
    expect([status, headers['content-length']]).toEqual([200, length]);
  },
);

test('each part of a stream arrives at once', async () => {
  const res = await open('/api/notes/stream', { 'Accept-Encoding': 'br, gzip' });
  expect(res.headers).not.toHaveProperty('content-encoding');
  let received = 0;
  res.on('data', ({ length }: Buffer) => (received += length));
  await until(() => received === long.length);
  endStream();
  await until(() => received === 2 * long.length);
});

test('a compressed response of which a part is missing breaks off', async () => {
  await expect(get('/api/notes/broken', 'gzip')).rejects.toThrow(/aborted|ECONNRESET/);
});

test('the service stops when the client of a compressed response leaves', async () => {
  const res = await open('/api/notes/endless', { 'Accept-Encoding': 'gzip' });
  expect(res.headers['content-encoding']).toBe('gzip');
  res.destroy();
  await until(() => hasClosed);
});

test('the files of the gateway are compressed', async () => {
  const { headers, body } = await get('/docs/swagger-ui-bundle.js', 'br');
  expect(headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(body).toString()).toContain('SwaggerUIBundle');
});
