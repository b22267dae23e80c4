import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { openApiDocument } from './document.ts';
import { flag, listQuery } from '../http/paging.ts';
import { problemType } from '../problems/problem.ts';
import { route, stream, type Route } from '../http/route.ts';

const Thing = z.object({ name: z.string() }).meta({ id: 'Thing', examples: [{ name: 'a thing' }] });
const gone = problemType(410, 'gone', 'Gone', { last: Thing });
const sold = problemType(410, 'sold', 'Sold', { last: Thing, price: z.int().meta({ examples: [3] }) });

const makeThing = route({
  method: 'post',
  path: '/things/:id',
  tag: 'Things',
  summary: 'Make a thing',
  access: 'user',
  limit: 'strict',
  timeout: 'long',
  params: z.object({ id: z.uuid() }),
  query: z.object({ colour: z.string().meta({ description: 'Any colour.' }), size: z.string().optional() }),
  requestHeaders: {
    'If-Match': 'The ETag.',
    'Idempotency-Key': z
      .string()
      .regex(/^[ -~]{1,255}$/)
      .optional()
      .meta({ description: 'A key.' }),
  },
  body: z.strictObject({ name: z.string() }).meta({ examples: [{ name: 'one' }, { name: 'another' }] }),
  responses: { 201: { description: 'The thing', schema: Thing, headers: { Location: 'Where it is.' } } },
  problems: [gone, sold],
  handler: async () => ({ status: 201, body: { name: 'a thing' } }),
});
const readThings = route({
  method: 'get',
  path: '/things',
  tag: 'Things',
  summary: 'Read a thing',
  access: 'public',
  responses: { 200: { description: 'The thing', schema: Thing } },
  handler: async () => ({ status: 200, body: { name: 'a thing' } }),
});
const internal = route({
  method: 'put',
  path: '/internal/things',
  tag: 'Internal',
  summary: 'For services',
  access: { callers: ['caller'] },
  responses: { 204: { description: 'Done' } },
  handler: async () => ({ status: 204 }),
});

const describeAll = (routes: Route[], throughGateway = true) =>
  // As a client receives the document.
  JSON.parse(JSON.stringify(openApiDocument({ title: 'test', routes, throughGateway })));

describe('the OpenAPI document of a service', () => {
  const document = describeAll([makeThing, readThings, internal]);
  const operation = document.paths['/things/{id}'].post;
  const responseOf = (status: number) => {
    const { $ref } = operation.responses[status];
    return document.components.responses[$ref.slice('#/components/responses/'.length)];
  };

  test('describes only public routes', () => {
    expect(Object.keys(document.paths)).toEqual(['/things/{id}', '/things']);
  });

  test.each(['optional', 'onDemand'] as const)('shows that a token is not required: %s', (access) => {
    const described = describeAll([{ ...readThings, access }]).paths['/things'].get;
    expect(described.security).toEqual([{}, { bearerAuth: [] }]);
    expect(Object.keys(described.responses)).toContain('401');
  });

  test('shows whether a body is required', () => {
    expect(operation.requestBody.required).toBe(true);
    const described = describeAll([{ ...makeThing, body: z.object({}).optional() }]);
    expect(described.paths['/things/{id}'].post.requestBody.required).toBe(false);
  });

  test('shows the rate limit and the timeout of a route that declares them', () => {
    expect(operation).toMatchObject({ 'x-rate-limit': 'strict', 'x-timeout': 'long' });
    expect(document.paths['/things'].get).not.toHaveProperty('x-rate-limit');
    expect(document.paths['/things'].get).not.toHaveProperty('x-timeout');
  });

  test('lists every possible status', () => {
    const all = [201, 400, 401, 404, 405, 408, 410, 413, 415, 429, 431, 500, 502, 503, 504, 505];
    expect(Object.keys(operation.responses).map(Number)).toEqual(all);
    const ofPublicRead = [200, 400, 405, 408, 413, 429, 431, 500, 502, 503, 504, 505];
    expect(Object.keys(document.paths['/things'].get.responses).map(Number)).toEqual(ofPublicRead);
  });

  test('lists every code of a status, each with an example', () => {
    const { schema, examples } = responseOf(401).content['application/problem+json'];
    const codes = ['unauthenticated', 'token_expired'];
    expect(schema.allOf).toEqual([
      { $ref: '#/components/schemas/Problem' },
      {
        type: 'object',
        properties: { status: { const: 401 }, code: { type: 'string', enum: codes } },
        required: ['status', 'code'],
      },
    ]);
    expect(Object.keys(examples)).toEqual(codes);
    expect(document.components.examples.token_expired.value).toMatchObject({
      type: 'https://notes.example.com/problems#token_expired',
      status: 401,
      code: 'token_expired',
    });
    expect(document.components.examples.validation_failed.value.errors).toHaveLength(1);
    expect(responseOf(410).description).toBe('`gone`: Gone. `sold`: Sold');
  });

  test('lists the extension members of problems, and requires those that all codes of the status have', () => {
    const [, { properties, required }] = responseOf(410).content['application/problem+json'].schema.allOf;
    expect(properties).toMatchObject({
      last: { $ref: '#/components/schemas/Thing' },
      price: { type: 'integer' },
    });
    expect(required).toEqual(['status', 'code', 'last']);
    const { gone: one, sold: other } = document.components.examples;
    expect([one.value, other.value]).toMatchObject([{ last: { name: 'a thing' } }, { price: 3 }]);
    expect(one.value).not.toHaveProperty('price');
  });

  test('neither forbids further members of a problem nor declares every name as one', () => {
    expect(document.components.schemas.Problem).not.toHaveProperty('additionalProperties');
  });

  test('lists the headers of a response', () => {
    const ofEveryResponse = [
      'X-Request-Id',
      'RateLimit',
      'RateLimit-Policy',
      'Cache-Control',
      'Vary',
      'Access-Control-Allow-Origin',
      'Access-Control-Expose-Headers',
    ];
    const headersOf = (response: { headers: object }) => Object.keys(response.headers);
    expect(headersOf(operation.responses[201])).toEqual([...ofEveryResponse, 'Location']);
    expect(operation.responses[201].headers.Location).toMatchObject({ required: true });
    expect(headersOf(responseOf(401))).toEqual([...ofEveryResponse, 'WWW-Authenticate']);
    expect(headersOf(responseOf(405))).toEqual([...ofEveryResponse, 'Allow']);
    expect(headersOf(responseOf(429))).toEqual([...ofEveryResponse, 'Retry-After']);
  });

  test('shows a single example directly, and several by name', () => {
    expect(operation.responses[201].content['application/json']).toEqual({
      schema: { $ref: '#/components/schemas/Thing' },
      example: { name: 'a thing' },
    });
    expect(document.components.schemas.Thing.examples).toEqual([{ name: 'a thing' }]);
    expect(operation.requestBody.content['application/json'].examples).toEqual({
      'Example 1': { value: { name: 'one' } },
      'Example 2': { value: { name: 'another' } },
    });
  });

  test('cannot be built with an example that does not match its schema', () => {
    const schema = z.object({ name: z.string() }).meta({ examples: [{ name: 42 }] });
    const wrong = { ...readThings, responses: { 200: { description: 'The thing', schema } } };
    expect(() => describeAll([wrong])).toThrow('get /things cannot be described');
  });

  test('describes parameters of the path, the query and the headers', () => {
    expect(operation.parameters).toMatchObject([
      { in: 'path', name: 'id', required: true },
      { in: 'query', name: 'colour', required: true, description: 'Any colour.' },
      { in: 'query', name: 'size', required: false },
      { in: 'header', name: 'If-Match', schema: { type: 'string' } },
      {
        in: 'header',
        name: 'Idempotency-Key',
        required: false,
        description: 'A key.',
        schema: { type: 'string', pattern: '^[ -~]{1,255}$' },
      },
    ]);
  });

  test('shows numbers and booleans in the query of a list as such', () => {
    const listed = describeAll([{ ...readThings, query: listQuery({ red: flag.optional() }) }]);
    const described = listed.paths['/things'].get.parameters.map(
      ({ name, schema }: { name: string; schema: object }) => [name, schema],
    );
    const { cursor: _, ...schemas } = Object.fromEntries(described);
    expect(schemas).toEqual({
      red: { type: 'boolean' },
      limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      page: { type: 'integer', minimum: 1, maximum: 10_000 },
      total: { type: 'boolean', default: false },
    });
  });
});

describe('a route that streams', () => {
  const contentTypes = ['application/x-ndjson', 'application/zip'] as const;
  const document = describeAll([
    route({
      method: 'post',
      path: '/things/copies',
      tag: 'Things',
      summary: 'Copy things',
      access: 'public',
      body: stream({ contentTypes, limitBytes: 64 * 1024 * 1024 }),
      responses: { 200: { description: 'The copies', stream: { contentTypes } } },
      handler: async ({ body }) => ({ status: 200, ...body }),
    }),
  ]);
  const { requestBody, responses } = document.paths['/things/copies'].post;
  const content = {
    'application/x-ndjson': { schema: { type: 'string', format: 'binary' } },
    'application/zip': { schema: { type: 'string', format: 'binary' } },
  };

  test('shows the content types of body and reply, and the limit', () => {
    expect(requestBody).toEqual({ description: 'At most 64 MiB.', required: true, content });
    const limitBytes = () => {
      throw new Error('the setting is not known yet');
    };
    const described = describeAll([{ ...makeThing, body: { contentTypes, limitBytes } }]);
    expect(described.paths['/things/{id}'].post.requestBody).toEqual({
      description: 'The size limit is a setting. A 413 names it.',
      required: true,
      content,
    });
    expect(responses[200].content).toEqual(content);
  });

  test('can refuse the type and the size of the body, not its JSON', () => {
    const { $ref } = responses[400];
    expect($ref).toBe('#/components/responses/400-malformed_request-websocket_not_supported');
    expect(Object.keys(responses).map(Number)).toEqual(expect.arrayContaining([413, 415]));
  });
});

test('the document of the gateway itself has no rate limits and no upstream errors', () => {
  const statuses = Object.keys(describeAll([readThings], false).paths['/things'].get.responses);
  expect(statuses.map(Number)).toEqual([200, 400, 405, 408, 413, 431, 500, 505]);
});
