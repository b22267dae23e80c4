import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  newUser,
  parseAnswer,
  scaled,
  sendBytes,
  type CallOptions,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { api, call, urls } from './client.ts';

let user: User;
beforeAll(async () => {
  user = await newUser(api);
});
afterEach(async () => {
  const { body } = await call('GET', '/health');
  if (body?.status !== 'ok') throw new Error(`The system is no longer healthy: ${JSON.stringify(body)}`);
});

/** Calls with a body; those of /api/auth are sent without a token, the others with one. */
const withBody = [
  ['POST', '/api/auth/register'],
  ['POST', '/api/auth/login'],
  ['POST', '/api/auth/refresh'],
  ['POST', '/api/auth/forgot-password'],
  ['PATCH', '/api/auth/reset-password/token'],
  ['PATCH', '/api/users/update-me'],
  ['POST', '/api/notes'],
] as const;

const as = (path: string, options: CallOptions = {}): CallOptions =>
  path.startsWith('/api/auth/') ? options : { token: user.token, ...options };

// Input that takes quadratic time takes minutes at these sizes; a busy machine takes seconds.
const quickMs = 20_000;

/** Makes a call; returns its status, its code, and whether it was quick. */
async function outcome(method: string, path: string, options: CallOptions = {}) {
  const start = performance.now();
  const { status, body } = await call(method, path, options);
  return { status, code: body?.code, quick: performance.now() - start < scaled(quickMs) };
}
const refused = (status: number, code: string) => ({ status, code, quick: true });

describe('malformed HTTP', () => {
  const head = (line: string, ...fields: string[]) => [line, 'Host: x', ...fields, '', ''].join('\r\n');
  const login = (...fields: string[]) => head('POST /api/auth/login HTTP/1.1', ...fields);

  test.each([
    ['no HTTP', 'HELP\r\n\r\n', 400, 'malformed_request'],
    [
      'a header of a megabyte',
      head('GET /api/notes HTTP/1.1', `X: ${'a'.repeat(1e6)}`),
      431,
      'headers_too_large',
    ],
    [
      'a URL of a megabyte',
      head(`GET /api/notes?search=${'a'.repeat(1e6)} HTTP/1.1`),
      431,
      'headers_too_large',
    ],
    [
      '10,000 headers',
      head('GET /api/notes HTTP/1.1', ...Array<string>(1e4).fill('a: b')),
      431,
      'headers_too_large',
    ],
    [
      'a request inside the body of another, by length and by chunks',
      `${login('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${head('GET /internal HTTP/1.1')}`,
      400,
      'malformed_request',
    ],
    [
      'a request inside the body of another, by two lengths',
      `${login('Content-Length: 0', 'Content-Length: 40')}${head('GET /internal HTTP/1.1')}`,
      400,
      'malformed_request',
    ],
    [
      'a transfer coding that only some programs know',
      `${login('Transfer-Encoding: xchunked')}0\r\n\r\n${head('GET /internal HTTP/1.1')}`,
      400,
      'malformed_request',
    ],
    ['two Hosts', head('GET /api/notes HTTP/1.1', 'Host: y'), 400, 'malformed_request'],
    ['HTTP/2.0 in plain text', head('GET /api/notes HTTP/2.0'), 505, 'http_version_not_supported'],
    [
      'the handshake of a WebSocket',
      head('GET /api/notes/changes HTTP/1.1', 'Connection: keep-alive, Upgrade', 'Upgrade: websocket'),
      400,
      'websocket_not_supported',
    ],
    ['CONNECT', head('CONNECT example.com:443 HTTP/1.1'), 405, 'method_not_allowed'],
    [
      '100 MB without a token',
      head('POST /api/notes HTTP/1.1', 'Content-Length: 100000000'),
      401,
      'unauthenticated',
    ],
    [
      '100 MB to a public path',
      login('Content-Type: application/json', 'Content-Length: 100000000', 'Expect: 100-continue'),
      413,
      'payload_too_large',
    ],
    [
      '3 MB in chunks',
      `${login('Content-Type: application/json', 'Transfer-Encoding: chunked')}2dc6c0\r\n${'a'.repeat(3e6)}`,
      413,
      'payload_too_large',
    ],
  ])('%s is refused once, and nothing after it is read', async (_what, bytes, status, code) => {
    const answer = await sendBytes(urls.gateway, bytes);
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expect(parseAnswer(answer)).toMatchObject({ status, body: { status, code } });
  });
});

test('answers when the Content-Length counts characters instead of bytes', async () => {
  const answer = await sendBytes(
    urls.gateway,
    [
      'POST /api/notes HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${user.token}`,
      'Content-Type: application/json',
      'Content-Length: 13',
      '',
      '{"title":"é"}',
    ].join('\r\n'),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*\r\nConnection: close\r\n[^]*"malformed_json"/i);
});

describe.each(withBody)('%s %s', (method, path) => {
  const deep = (open: string, close: string, bytes: number) => {
    const depth = Math.floor(bytes / (open.length + close.length));
    return `${open.repeat(depth)}1${close.repeat(depth)}`;
  };

  test.each([
    ['arrays in arrays, 1.9 MB of them', deep('[', ']', 1.9e6)],
    ['objects in objects, 1.2 MB of them', deep('{"a":', '}', 1.2e6)],
    ['the same as a field', `{"email":${deep('{"a":', '}', 1.2e6)}}`],
    ['a prototype', '{"__proto__":{"role":"admin"},"email":"a@example.com"}'],
    ['the prototype of a constructor', '{"constructor":{"prototype":{"role":"admin"}}}'],
    [
      'operators for values',
      '{"email":{"$gt":""},"password":{"$ne":null},"title":{"$gt":""},"bio":{"$gt":""}}',
    ],
    ['an operator for a field', '{"$where":"sleep(5000)"}'],
    ['arrays for values', '{"email":["a@example.com"],"password":["x"],"title":["x"],"bio":["x"]}'],
    ['150,000 fields', `{${Array.from({ length: 150_000 }, (_, i) => `"f${i}":0`).join(',')}}`],
    ['a number without end', `{"email":${'9'.repeat(1.9e6)}}`],
    [
      'NUL and a lone surrogate',
      '{"email":"\\u0000","password":"\\ud800\\ud800abcd","title":"\\ud800","bio":"\\u0000"}',
    ],
  ])('refuses %s', async (_what, body) => {
    expect(await outcome(method, path, as(path, { body }))).toEqual(refused(400, 'validation_failed'));
  });

  test('reads no form, whose names could contain operators', async () => {
    const form = {
      body: 'email[$ne]=&password[$ne]=',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
    expect(await outcome(method, path, as(path, form))).toEqual(refused(415, 'unsupported_media_type'));
  });
});

describe('a query', () => {
  test.each([
    ['limit=1;drop table notes', 'validation_failed'],
    ['limit[$gt]=1&limit=2&limit=3', 'validation_failed'],
    ['limit=__proto__', 'validation_failed'],
    ["cursor=' or 1=1 --", 'invalid_cursor'],
    ["archived=true' or 'a'='a", 'validation_failed'],
    [`page=${'1'.repeat(10_000)}`, 'validation_failed'],
    [Array.from({ length: 1_001 }, (_, i) => `a${i}`).join('&'), 'malformed_request'],
    ['limit=\0', 'validation_failed'],
    ['tag=\u0007', 'validation_failed'],
    ['sort=title\n', 'validation_failed'],
    ['from=2026-11-27\0', 'validation_failed'],
  ])('%s is refused', async (query, code) => {
    const path = `/api/notes?${encodeURI(query)}`;
    expect(await outcome('GET', path, as(path))).toEqual(refused(400, code));
  });

  test.each([
    '__proto__[role]=admin&constructor[prototype][role]=admin&__proto__=1&__proto__=2',
    'toString=1&hasOwnProperty=2&hasOwnProperty=3',
    '$where=sleep(5000)&email[$ne]=x',
    Array.from({ length: 1_000 }, (_, i) => `a=${i}`).join('&'),
    '%00=%ff&%07=%00&%zz=%',
  ])('has no effect with unknown names: %s', async (query) => {
    const path = `/api/notes?${query}`;
    expect(await outcome('GET', path, as(path))).toMatchObject({ status: 200, quick: true });
  });
});

describe('an id', () => {
  test.each([
    "1' or '1'='1",
    '1;drop table notes',
    "00000000-0000-4000-8000-000000000000' --",
    '{"$gt":""}',
    '[$ne]',
    '__proto__',
    'constructor',
    '%F0%9F%92%A3',
    'a'.repeat(10_000),
  ])('%s does not exist', async (id) => {
    const path = `/api/notes/${id.includes('%') ? id : encodeURIComponent(id)}`;
    expect(await outcome('GET', path, as(path))).toEqual(refused(404, 'not_found'));
  });
});

describe('a text that makes some patterns backtrack for years', () => {
  const many = (text: string, count = 1e6) => text.repeat(count);

  test.each([
    ['email', `${many('a')}!`],
    ['email', `${many('a.')}@`],
    ['email', `a@${many('a.', 5e5)}`],
    ['email', `a@${many('a-', 5e5)}!`],
    ['email', `${many(' ')}a${many(' ', 5e5)}!`],
    ['username', `${many('a')}!`],
    ['username', `${many(' ')}!`],
    ['password', many('a')],
  ])('is refused at once as an %s', async (field, text) => {
    const body = { ...buildAccount(), [field]: text };
    expect(await outcome('POST', '/api/auth/register', { body })).toEqual(refused(400, 'validation_failed'));
  });

  test.each(['refresh', 'logout', 'logout-all'])(
    'is refused at once as a refresh token: %s',
    async (path) => {
      const body = { refreshToken: many('a') };
      expect(await outcome('POST', `/api/auth/${path}`, { body })).toEqual(refused(400, 'validation_failed'));
    },
  );

  test.each([
    ['avatar', `http://${many('a.')}`],
    ['avatar', `http://${many('%')}`],
    ['avatar', many('http://', 2e5)],
    ['bio', many('🏳️‍🌈', 1e5)],
  ])('is refused at once as an %s', async (field, text) => {
    const path = '/api/users/update-me';
    expect(await outcome('PATCH', path, as(path, { body: { [field]: text } }))).toEqual(
      refused(400, 'validation_failed'),
    );
  });

  test.each([
    ['a tag', { tags: [`${many(' ')}!`] }],
    ['many tags', { tags: Array<string>(200_000).fill('a') }],
    ['a letter of a million marks', { tags: [`e${many('\u0301', 6e5)}`] }],
    ['a title', { title: many('\u{1f4a3}', 4e5) }],
  ])('is refused at once as %s', async (_what, body) => {
    const answer = await outcome('POST', '/api/notes', { token: user.token, body });
    expect(answer).toEqual(refused(400, 'validation_failed'));
  });

  test.each([
    ['Authorization', `Bearer ${many(' ', 15_000)}!`, 401, 'unauthenticated'],
    ['Authorization', `Bearer ${many('a', 15_000)}!`, 401, 'unauthenticated'],
    ['Authorization', `Bearer ${many('.', 15_000)}`, 401, 'unauthenticated'],
    ['Content-Type', `application/json${many('; ', 7_000)}charset=x`, 415, 'unsupported_media_type'],
    ['Content-Type', `application/json;${many(' ', 14_000)}charset=x`, 415, 'unsupported_media_type'],
  ])('is refused at once as a header: %s', async (name, value, status, code) => {
    const options = { token: user.token, body: {}, headers: { [name]: value } };
    expect(await outcome('POST', '/api/notes', options)).toEqual(refused(status, code));
  });
});
