import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { send } from '@polyglot-notes/service-kit/testing';
import { readConfig } from '../src/config.ts';
import { gatewayTo, refusingServices } from './gateway.ts';
import { closeAll, listen } from './upstreams.ts';

const allowed = 'https://app.example.com';
let reached = 0;
let gateway: string;

beforeAll(async () => {
  const notes = await listen((_req, res) => {
    reached++;
    res
      .setHeader('Access-Control-Allow-Origin', '*')
      .setHeader('Access-Control-Allow-Credentials', 'true')
      .setHeader('Vary', 'Authorization')
      .end('a note');
  });
  gateway = await gatewayTo({ notes }, { corsOrigins: [allowed, 'http://localhost:5173'] });
});
afterAll(closeAll);

const get = (origin: string, path = '/api/notes') => send(gateway, path, { headers: { Origin: origin } });
const preflight = (origin: string, requested = 'authorization') =>
  send(gateway, '/api/notes', {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': requested,
    },
  });
const names = (list: unknown) => String(list).toLowerCase().split(',');

describe('an origin on the list', () => {
  test('may read every response: of a service, of the gateway, and problems', async () => {
    for (const path of ['/api/notes', '/health/live', '/api/users/me', '/nothing']) {
      const { headers } = await get(allowed, path);
      expect(headers['access-control-allow-origin']).toBe(allowed);
      expect(names(headers['access-control-expose-headers'])).toEqual(
        expect.arrayContaining([
          'content-disposition',
          'etag',
          'idempotency-replayed',
          'location',
          'retry-after',
          'x-request-id',
        ]),
      );
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
      expect(headers.vary).toMatch(/^Origin/);
    }
  });

  test('gets its preflights answered by the gateway', async () => {
    reached = 0;
    const requested = 'authorization,content-type,idempotency-key,if-match,if-none-match,x-request-id';
    const { status, headers } = await preflight(allowed, requested);
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(allowed);
    expect(headers['access-control-allow-methods']).toContain('PATCH');
    expect(names(headers['access-control-allow-headers'])).toEqual(expect.arrayContaining(names(requested)));
    expect(reached).toBe(0);
  });
});

describe('an origin that is not on the list', () => {
  test.each([
    'https://evil.example',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'null',
  ])('gets no permission: %s', async (origin) => {
    for (const { headers } of [await get(origin), await preflight(origin)]) {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers.vary).toMatch(/^Origin/);
    }
  });
});

test('Vary has the values of the gateway and of the service', async () => {
  expect((await get(allowed)).headers.vary).toBe('Origin, Accept-Encoding, Authorization');
});

test('an OPTIONS request that is not a preflight is forwarded', async () => {
  reached = 0;
  await send(gateway, '/api/notes', { method: 'OPTIONS' });
  expect(reached).toBe(1);
});

describe('CORS_ORIGINS', () => {
  const read = (CORS_ORIGINS: string) => readConfig({ ...refusingServices, CORS_ORIGINS }).CORS_ORIGINS;

  test('is a list of origins, empty by default', () => {
    expect(read('')).toEqual([]);
    expect(read('https://a.example, http://localhost:5173')).toEqual([
      'https://a.example',
      'http://localhost:5173',
    ]);
  });

  test.each([
    '*',
    'null',
    'a.example',
    'https://a.example/',
    'https://a.example/app',
    'https://a.example,',
    'ftp://a',
  ])('cannot be %s', (value) => expect(() => read(value)).toThrow(/CORS_ORIGINS: must be origins such as/));
});
