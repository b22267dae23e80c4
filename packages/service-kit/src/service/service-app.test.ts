import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { makeSigningKey, signAccessToken, audience, issuer, serverUrl, until } from '../../testing/index.ts';
import { createAccessTokenVerifier } from '../tokens/access-token.ts';
import { createLogger } from '../process/logging.ts';
import { createMetrics } from '../process/metrics.ts';
import { currentRequestId } from '../process/request-scope.ts';
import { problemType } from '../problems/problem.ts';
import { Problem } from '../problems/problem.ts';
import { forwardedByGateway } from '../http/base-app.ts';
import { route } from '../http/route.ts';
import { serviceApp } from './service-app.ts';
import { createServiceTokenSource, createServiceTokenVerifier } from '../tokens/service-token.ts';
import { text } from '../http/text.ts';

const key = makeSigningKey();
const userId = randomUUID();
const bearer = `Bearer ${signAccessToken(key, userId)}`;
const secret = 's'.repeat(32);
const gone = problemType(410, 'gone', 'Gone', { last: z.object({ name: z.string() }) });

const lines: string[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });

const metrics = createMetrics(log);

const Thing = z.object({ name: z.string(), owner: z.string().optional() });
const [stopping, draining] = [new AbortController(), new AbortController()];
let startAfterwards: (requestId: string | undefined) => void;
let waitEnded: (error: unknown) => void;
let isDisconnected: Promise<unknown>;
const app = serviceApp({
  title: 'test',
  log,
  headers: {},
  checks: {},
  metrics,
  shutdown: { stopping: stopping.signal, draining: draining.signal },
  isUnavailable: (error) => Error.isError(error) && error.message === 'no database',
  verifiers: {
    accessToken: createAccessTokenVerifier({
      issuer,
      audience,
      keys: { loaded: () => true, find: async (kid) => (kid === key.kid ? key.publicKey : undefined) },
    }),
    serviceToken: createServiceTokenVerifier('callee', { caller: [secret] }),
  },
  routes: [
    route({
      method: 'post',
      path: '/things/:id',
      tag: 'Things',
      summary: 'Make a thing',
      access: 'user',
      params: z.object({ id: z.uuid() }),
      query: z.object({ colour: z.string().optional() }),
      body: z.strictObject({ name: text({ max: 100 }) }),
      responses: { 201: { description: 'The thing', schema: Thing } },
      handler: async ({ user, body }) => {
        const row = { ...body, owner: user.id, password: 'not declared' };
        return { status: 201, body: row };
      },
    }),
    route({
      method: 'get',
      path: '/headers',
      tag: 'Things',
      summary: 'Return a header',
      access: 'public',
      requestHeaders: {
        'If-Match': 'Any text.',
        'Idempotency-Key': z
          .string()
          .regex(/^[!-~]{1,9}$/, 'must be 1 to 9 characters')
          .optional(),
      },
      responses: { 200: { description: 'It', schema: z.string().optional() } },
      handler: async ({ header }) => ({ status: 200, body: header('Idempotency-Key') ?? 'none' }),
    }),
    route({
      method: 'get',
      path: '/faults/:kind',
      tag: 'Faults',
      summary: 'Fail',
      access: 'public',
      params: z.object({ kind: z.string() }),
      responses: { 200: { description: 'Never good', schema: Thing } },
      problems: [gone],
      handler: async ({ params: { kind } }) => {
        if (kind === 'problem') {
          const last = { name: 'a thing', password: 'not declared' };
          throw new Problem(gone, { detail: 'It was here.', extensions: { last, secret: 'not declared' } });
        }
        if (kind === 'unavailable') throw new Error('no database');
        if (kind === 'crash') throw new Error('postgresql://user:hunter2@db is down');
        const broken: unknown = null;
        return { status: 200, body: broken as z.input<typeof Thing> };
      },
    }),
    route({
      method: 'get',
      path: '/echo',
      tag: 'Echo',
      summary: 'Return the input of the handler',
      access: 'public',
      query: z.looseObject({
        colour: z.union([z.string(), z.array(z.string())]).optional(),
        sizes: z
          .string()
          .optional()
          .meta({ examples: ['small,large'] }),
      }),
      responses: { 200: { description: 'It', schema: z.unknown() } },
      handler: async ({ query }) => ({ status: 200, body: query }),
    }),
    route({
      method: 'get',
      path: '/afterwards',
      tag: 'Echo',
      summary: 'Leave work for afterwards',
      access: 'public',
      responses: { 202: { description: 'The work starts later' } },
      handler: async () => ({ status: 202, afterwards: () => startAfterwards(currentRequestId()) }),
    }),
    route({
      method: 'get',
      path: '/slow-afterwards',
      tag: 'Echo',
      summary: 'Leave work for afterwards when the caller has disconnected',
      access: 'public',
      responses: { 202: { description: 'The work starts later' } },
      handler: async () => {
        await isDisconnected;
        return { status: 202, afterwards: () => startAfterwards(currentRequestId()) };
      },
    }),
    route({
      method: 'get',
      path: '/wait',
      tag: 'Echo',
      summary: 'Wait until the caller has disconnected or the service shuts down',
      access: 'public',
      responses: { 200: { description: 'The service shuts down', schema: z.literal('draining') } },
      handler: async ({ signal, draining: shutdown }) => {
        await delay(60_000, undefined, { signal: AbortSignal.any([signal, shutdown]) }).catch(
          (error: unknown) => {
            waitEnded(error);
            if (!shutdown.aborted) throw error;
          },
        );
        return { status: 200, body: 'draining' };
      },
    }),
    route({
      method: 'get',
      path: '/broken-afterwards',
      tag: 'Echo',
      summary: 'Leave work for afterwards, with a reply that is not declared',
      access: 'public',
      responses: { 200: { description: 'The thing', schema: Thing } },
      handler: async () => {
        const broken: unknown = null;
        const afterwards = () => startAfterwards(currentRequestId());
        return { status: 200, afterwards, body: broken as z.input<typeof Thing> };
      },
    }),
    route({
      method: 'get',
      path: '/caller',
      tag: 'Echo',
      summary: 'Return the caller, who may be unknown',
      access: 'optional',
      responses: { 200: { description: 'The caller', schema: z.object({ id: z.string().optional() }) } },
      handler: async ({ user }) => ({ status: 200, body: { id: user?.id } }),
    }),
    route({
      method: 'post',
      path: '/leave',
      tag: 'Echo',
      summary: 'Return the user of the body, or else of the token',
      access: 'onDemand',
      body: z.strictObject({ id: z.string().optional() }),
      responses: { 200: { description: 'The user', schema: z.object({ id: z.string() }) } },
      handler: async ({ user, body }) => ({ status: 200, body: { id: body.id ?? (await user()).id } }),
    }),
    route({
      method: 'get',
      path: '/client',
      tag: 'Echo',
      summary: 'Return the details of the client',
      access: 'public',
      responses: {
        200: {
          description: 'The client',
          schema: z.object({ address: z.string().optional(), userAgent: z.string().optional() }),
        },
      },
      handler: async ({ client }) => ({ status: 200, body: client }),
    }),
    route({
      method: 'put',
      path: '/internal/things',
      tag: 'Internal',
      summary: 'For services',
      access: { callers: ['caller'] },
      responses: { 204: { description: 'Done' } },
      handler: async () => ({ status: 204 }),
    }),
  ],
});

const cached = serviceApp({
  title: 'cached',
  log,
  headers: { 'Cache-Control': 'private', Vary: 'Authorization' },
  checks: {},
  metrics: createMetrics(log),
  isUnavailable: () => false,
  verifiers: {},
  routes: [],
});

const post = (path = `/things/${randomUUID()}`) => request(app).post(path).set('Authorization', bearer);

// supertest would make JSON of a buffer.
const asItIs = (body: unknown) => body as string;

describe('a service', () => {
  test('starts what a reply leaves for afterwards when the reply has been sent', async () => {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    startAfterwards = resolve;
    const answer = await request(app).get('/afterwards').set('X-Request-Id', 'request-of-this-test');
    expect([answer.status, await promise]).toEqual([202, 'request-of-this-test']);
  });

  test('starts what a reply leaves for afterwards also when the caller has disconnected', async () => {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    startAfterwards = resolve;
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    isDisconnected = once(server, 'request').then(([, res]) => {
      caller.destroy();
      return once(res as ServerResponse, 'close');
    });
    const headers = { 'X-Request-Id': 'request-of-this-test' };
    const caller = get(`${serverUrl(server)}/slow-afterwards`, { headers }).on('error', () => {});
    expect(await promise).toBe('request-of-this-test');
    server.close();
  });

  test('tells a handler that waits that its caller has disconnected, and logs no error', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waitEnded = resolve;
    lines.length = 0;
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const caller = get(`${serverUrl(server)}/wait`).on('error', () => {});
    await once(server, 'request');
    caller.destroy();
    expect(await promise).toMatchObject({ name: 'AbortError' });
    await until(() => lines.length > 0);
    server.close();
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ msg: 'request', route: '/wait', aborted: true }),
    ]);
  });

  test('starts nothing afterwards when the reply is a fault', async () => {
    const started: unknown[] = [];
    startAfterwards = (requestId) => started.push(requestId);
    expect((await request(app).get('/broken-afterwards')).status).toBe(500);
    await request(app).get('/afterwards').set('X-Request-Id', 'request-of-this-test');
    await until(() => started.includes('request-of-this-test'));
    expect(started).toEqual(['request-of-this-test']);
  });

  test('knows the caller of a route with an optional token, and refuses an invalid token', async () => {
    expect((await request(app).get('/caller')).body).toEqual({});
    const known = await request(app).get('/caller').set('Authorization', bearer);
    expect(known.body).toEqual({ id: expect.any(String) });
    for (const invalid of ['Bearer a.b.c', 'Basic dTpw', '']) {
      const answer = await request(app).get('/caller').set('Authorization', invalid);
      expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
  });

  describe('with a route that verifies the token on demand', () => {
    const leave = (authorization: string, body: object = {}) =>
      request(app).post('/leave').set('Authorization', authorization).send(body);
    const expired = `Bearer ${signAccessToken(key, userId, { options: { expiresIn: -1 } })}`;

    test('returns the user of a valid token and logs the id', async () => {
      lines.length = 0;
      const answer = await leave(bearer);
      expect([answer.status, answer.body]).toEqual([200, { id: userId }]);
      await until(() => lines.length === 1);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ route: '/leave', userId });
    });

    test.each([
      ['no token', 'unauthenticated', ''],
      ['another scheme', 'unauthenticated', 'Basic dTpw'],
      ['an invalid token', 'unauthenticated', 'Bearer a.b.c'],
      ['an expired token', 'token_expired', expired],
    ])('refuses %s when the handler asks for the user', async (_what, code, authorization) => {
      const answer = await leave(authorization);
      expect(answer.body).toMatchObject({ status: 401, code });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    });

    test.each([
      ['no token', ''],
      ['an invalid token', 'Bearer a.b.c'],
      ['an expired token', expired],
    ])('ignores %s when the handler does not ask for the user', async (_what, authorization) => {
      const answer = await leave(authorization, { id: 'named in the body' });
      expect([answer.status, answer.body]).toEqual([200, { id: 'named in the body' }]);
    });

    test('refuses an invalid body before the token', async () => {
      const answer = await leave('', { name: 'unknown field' });
      expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed' });
    });
  });

  test('knows the address that the gateway forwards, and the user agent', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.7', 'User-Agent': 'test/1.0' };
    const forwarded = await request(app).get('/client').set(headers);
    expect(forwarded.body).toEqual({ address: '203.0.113.7', userAgent: 'test/1.0' });
    expect((await request(app).get('/client')).body).toEqual({ address: '127.0.0.1' });
  });

  test('refuses in order: unknown route, method, token, body', async () => {
    expect((await request(app).post('/nothing')).body).toMatchObject({ status: 404, code: 'not_found' });
    const wrongMethod = await request(app).get(`/things/${randomUUID()}`);
    expect(wrongMethod.body).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(wrongMethod.headers['allow']).toBe('POST');
    const noToken = await request(app).post(`/things/${randomUUID()}`).type('text/plain').send('nonsense');
    expect(noToken.body).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(noToken.headers['www-authenticate']).toBe('Bearer');
    expect((await post().type('text/plain').send('nonsense')).body).toMatchObject({
      code: 'unsupported_media_type',
    });
  });

  test.each([
    ['broken JSON', '{"name":', 400, 'malformed_json'],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      400,
      'malformed_json',
    ],
    ['no body at all', undefined, 400, 'validation_failed'],
    ['a body that is no object', '"text"', 400, 'validation_failed'],
    ['an unknown field', '{"name":"a","nam":"b"}', 400, 'validation_failed'],
    ['a field named __proto__', '{"name":"a","__proto__":{"admin":true}}', 400, 'validation_failed'],
    ['more than 2 MiB', JSON.stringify({ name: 'a'.repeat(3_000_000) }), 413, 'payload_too_large'],
    ['a field that is too long', JSON.stringify({ name: 'a'.repeat(1_900_000) }), 400, 'validation_failed'],
  ])('refuses %s', async (_what, body, status, code) => {
    const { body: problem, headers } = await post().type('application/json').serialize(asItIs).send(body);
    expect(problem).toMatchObject({ type: 'about:blank', status, code, requestId: headers['x-request-id'] });
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  test('applies the limit to the decompressed body', async () => {
    const bomb = gzipSync(JSON.stringify({ name: 'a'.repeat(3_000_000) }));
    const response = await post()
      .type('application/json')
      .set('Content-Encoding', 'gzip')
      .serialize(asItIs)
      .send(bomb);
    expect(response.body).toMatchObject({ code: 'payload_too_large' });
  });

  test('lists at most 50 errors', async () => {
    const hostile = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, 0]));
    const response = await post().send(hostile);
    expect(response.status).toBe(400);
    expect(response.body.errors).toHaveLength(50);
  });

  test('refuses a body that contradicts its Content-Encoding', async () => {
    const response = await post()
      .type('application/json')
      .set('Content-Encoding', 'gzip')
      .serialize(asItIs)
      .send('{}');
    expect(response.body).toMatchObject({ status: 400, code: 'malformed_json' });
  });

  test('lists each invalid field', async () => {
    const { body } = await post().send({ name: 'a\0', extra: 1 });
    expect(body.errors).toEqual([
      { path: 'body.name', message: 'must not contain NUL characters' },
      { path: 'body.extra', message: 'is not a known field', code: 'unknown_field' },
    ]);
  });

  test('validates the request headers that have a schema', async () => {
    const read = (value: string) => request(app).get('/headers').set('Idempotency-Key', value);
    expect((await request(app).get('/headers').set('If-Match', 'a b')).body).toBe('none');
    expect((await read('a-key')).body).toBe('a-key');
    for (const value of ['', 'a b', '0123456789', 'é']) {
      const { status, body } = await read(value);
      expect([status, body.code, body.errors]).toEqual([
        400,
        'validation_failed',
        [{ path: 'header.idempotency-key', message: 'must be 1 to 9 characters' }],
      ]);
    }
  });

  test('answers a malformed id with a 404', async () => {
    expect((await post('/things/42').send({ name: 'a' })).body).toMatchObject({ code: 'not_found' });
    expect((await post('/things/42').send({ nam: 'a' })).body).toMatchObject({ code: 'validation_failed' });
  });

  test.each(['%', '%zz', '%E0%A4', '%C0%80', '%ff', '%25%'])(
    'answers %s in a path, which is not percent-encoded UTF-8, with a 404',
    async (malformed) => {
      for (const path of [`/faults/${malformed}`, `/things/${malformed}`])
        expect((await request(app).get(path)).body).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  test('reads any query, as the URL standard says', async () => {
    const { body } = await request(app).get('/echo?colour=100%&shade=%zz%2%2525%ff%C3%A9%&%ff=%E0%A4');
    expect(body).toMatchObject({ colour: '100%', shade: '%zz%2%25\ufffdé%' });
  });

  test('reads a lone surrogate in a query as NUL', async () => {
    const { body } = await request(app).get('/echo?colour=a%ED%A0%80b%ed%bf%bf&shade=%25+%F0%9F%8E%89');
    expect(body).toEqual({ colour: 'a\0b\0', shade: '% 🎉' });
  });

  test('refuses a repeated query parameter', async () => {
    const { body } = await post(`/things/${randomUUID()}?colour=red&colour=blue`).send({ name: 'a' });
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'query.colour' }] });
  });

  test('never passes an array for a repeated parameter to a handler, even if the schema allows one', async () => {
    expect((await request(app).get('/echo?colour=red&shade=dark')).body).toEqual({
      colour: 'red',
      shade: 'dark',
    });
    expect((await request(app).get('/echo?shade=dark&shade=light')).body).toEqual({ shade: 'light' });
    expect((await request(app).get('/echo?colour=red&colour=blue')).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: 'query.colour', message: 'must be given once: write colour=…' }],
    });
  });

  test.each([
    'sizes[]=small',
    'sizes%5B%5D=small&sizes%5B%5D=large',
    'sizes[0]=small&sizes[1]=large',
    'sizes[a][b]=small',
    'sizes[__proto__]=small',
    'sizes[=small',
    'sizes=small&sizes[]=large',
    'sizes=small&sizes=large',
  ])('says how to write the list in %s', async (query) => {
    const { status, body } = await request(app).get(`/echo?${query}`);
    expect([status, body.code, body.errors]).toEqual([
      400,
      'validation_failed',
      [{ path: 'query.sizes', message: 'must be given once: write sizes=small,large' }],
    ]);
  });

  test.each(['Sizes[]', 'sizes.0', '[sizes]', 'utm[source]', '__proto__[x]', 'constructor[x]', 'toString'])(
    'ignores the unknown parameter %s',
    async (name) => {
      const response = await post(`/things/${randomUUID()}?${name}=a`).send({ name: 'a' });
      expect(response.status).toBe(201);
    },
  );

  test('sends headers that stop a browser from running or framing any response', async () => {
    for (const path of ['/openapi.json', '/health/live', '/faults/crash', '/nothing', '/%E0%A4%A']) {
      const { headers } = await request(app).get(path);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      );
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
      expect(headers).not.toHaveProperty('strict-transport-security');
    }
  });

  test('leaves those headers to the gateway, and sends only those of its own', async () => {
    const responseTo = (forwardedBy: string) =>
      request(cached).get('/nothing').set('X-Forwarded-By', forwardedBy).expect(404);
    const own = { 'cache-control': 'private', vary: 'Authorization' };
    const behind = (await responseTo(forwardedByGateway)).headers;
    expect(behind).toMatchObject(own);
    expect(Object.keys(behind).filter((name) => name.startsWith('x-'))).toEqual(['x-request-id']);
    expect(behind).not.toHaveProperty('content-security-policy');
    expect((await responseTo('another-proxy')).headers).toMatchObject({
      ...own,
      'content-security-policy': expect.any(String),
      'x-content-type-options': 'nosniff',
    });
  });

  test('ignores unknown query parameters and strips undeclared fields of the response', async () => {
    const response = await post(`/things/${randomUUID()}?utm=1`).send({ name: 'a' });
    expect(response.status).toBe(201);
    expect(response.body).toEqual({ name: 'a', owner: userId });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['x-powered-by']).toBeUndefined();
  });

  test('sends the details of a problem and none of an unexpected error', async () => {
    // Undeclared members are stripped, as in other responses.
    expect((await request(app).get('/faults/problem')).body).toEqual({
      type: 'about:blank',
      title: 'Gone',
      status: 410,
      code: 'gone',
      detail: 'It was here.',
      last: { name: 'a thing' },
      requestId: expect.any(String),
    });
    const unavailable = await request(app).get('/faults/unavailable');
    expect(unavailable.body).toMatchObject({ status: 503, code: 'service_unavailable' });
    expect(unavailable.headers['retry-after']).toBeDefined();
    for (const error of ['crash', 'response']) {
      const response = await request(app).get(`/faults/${error}`);
      expect(response.body).toMatchObject({ status: 500, code: 'internal_error' });
      expect(response.text).not.toMatch(/hunter2|name/);
    }
  });

  test('keeps a valid request id and replaces an invalid one, in the response and in the log', async () => {
    lines.length = 0;
    const good = await request(app).get('/faults/problem').set('X-Request-Id', 'my-request.1');
    expect(good.headers['x-request-id']).toBe('my-request.1');
    const bad = await request(app).get('/faults/problem').set('X-Request-Id', 'no spaces please');
    expect(bad.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const logged = lines.map((line) => JSON.parse(line));
    expect(logged).toContainEqual(
      expect.objectContaining({
        msg: 'request',
        requestId: 'my-request.1',
        route: '/faults/:kind',
        status: 410,
      }),
    );
  });

  test('counts requests by method, route pattern and status, never by path', async () => {
    const id = randomUUID();
    await post(`/things/${id}`).send({ name: 'a' });
    await post('/things/42').send({ name: 'a' });
    await request(app).get(`/nothing/${id}`);
    await request(app).purge(`/nothing/${id}`);
    const scraped = await metrics.text();
    const counted = (labels: string) =>
      scraped.includes(`http_server_request_duration_seconds_count{${labels}} `);
    const ofThing = 'http_request_method="POST",http_route="/things/:id"';
    expect(counted(`${ofThing},http_response_status_code="201"`)).toBe(true);
    expect(counted(`${ofThing},http_response_status_code="404"`)).toBe(true);
    expect(counted('http_request_method="GET",http_response_status_code="404"')).toBe(true);
    expect(counted('http_request_method="_OTHER",http_response_status_code="404"')).toBe(true);
    expect(scraped).not.toContain(id);
    expect((await request(app).get('/metrics')).status).toBe(404);
  });

  test('accepts only service tokens on internal routes', async () => {
    const put = (token: string) =>
      request(app).put('/internal/things').set('Authorization', `Bearer ${token}`);
    expect((await put(signAccessToken(key, userId))).status).toBe(401);
    expect(
      (await put(createServiceTokenSource({ caller: 'caller', callee: 'callee', secrets: [secret] })()))
        .status,
    ).toBe(204);
  });

  test('is not ready when the service begins to stop, and ends a handler that waits when it drains', async () => {
    waitEnded = () => {};
    const waiting = request(app).get('/wait');
    stopping.abort();
    const { status, body } = await request(app).get('/health/ready');
    expect({ status, body }).toMatchObject({ status: 503, body: { status: 'draining' } });
    setImmediate(() => draining.abort());
    expect((await waiting).body).toBe('draining');
    expect((await request(app).get('/wait')).body).toBe('draining');
  });
});
