import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAccessTokenVerifier } from '@polyglot-notes/service-kit';
import {
  audience,
  issuer,
  makeSigningKey,
  send,
  signAccessToken,
  type RawAnswer,
} from '@polyglot-notes/service-kit/testing';
import { clientAddress } from '../src/client-address.ts';
import { readConfig } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { gatewayTo, refusingServices } from './gateway.ts';
import { closeAll, recorder } from './upstreams.ts';

const key = makeSigningKey();
let keysLoaded: boolean;
let secondsAhead: number;
const verifyAccessToken = createAccessTokenVerifier({
  issuer,
  audience,
  clock: () => new Date(Date.now() + secondsAhead * 1_000),
  keys: { loaded: () => keysLoaded, find: async (kid) => (kid === key.kid ? key.publicKey : undefined) },
});

let gateway: string;
let service: Awaited<ReturnType<typeof recorder>>;

async function limited(limits: Partial<Context['limits']> = {}, overrides: Partial<Context> = {}) {
  service = await recorder();
  gateway = await gatewayTo(
    { auth: service.url, user: service.url, notes: service.url },
    {
      verifyAccessToken,
      limits: { windowMs: 60_000, max: 3, authMax: 2, refreshMax: 2, counters: undefined, ...limits },
      ...overrides,
    },
  );
}
beforeEach(() => {
  keysLoaded = true;
  secondsAhead = 0;
  return limited();
});
afterAll(closeAll);

const get = (path = '/api/notes', headers: Record<string, string> = {}) => send(gateway, path, { headers });
const as = (token: string) => get('/api/notes', { Authorization: `Bearer ${token}` });
const logIn = (headers: Record<string, string> = {}) =>
  send(gateway, '/api/auth/login', { method: 'POST', headers, body: '{}' });
const tokenOf = (userId: string) => signAccessToken(key, userId);

async function statusesOf(count: number, call: () => Promise<RawAnswer>): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) statuses.push((await call()).status);
  return statuses;
}

describe('a client without a token', () => {
  test('is refused above the limit, with Retry-After', async () => {
    expect(await statusesOf(3, get)).toEqual([200, 200, 200]);
    const { status, headers, body } = await get();
    expect(status).toBe(429);
    expect(JSON.parse(body)).toMatchObject({
      status: 429,
      code: 'rate_limited',
      requestId: headers['x-request-id'],
    });
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
    expect(headers['ratelimit']).toMatch(/^"api"; r=0; t=\d+$/);
    expect(service.reached).toHaveLength(3);
  });

  test('sees the remaining requests in every response', async () => {
    const { headers } = await get();
    expect(headers['ratelimit']).toMatch(/^"api"; r=2; t=60$/);
    expect(headers['ratelimit-policy']).toMatch(/^"api"; q=3; w=60; pk=:.+:$/);
    expect(headers).not.toHaveProperty('x-ratelimit-limit');
  });

  test('counts by its connection, whatever addresses it claims', async () => {
    const spoofed = (i: number) => ({
      'X-Forwarded-For': `10.0.0.${i}`,
      'X-Real-IP': `10.0.0.${i}`,
      Forwarded: `for=10.0.0.${i}`,
    });
    let i = 0;
    expect(await statusesOf(4, () => get('/api/notes', spoofed(i++)))).toEqual([200, 200, 200, 429]);
    expect(await statusesOf(3, () => logIn(spoofed(i++)))).toEqual([200, 200, 429]);
  });

  test('is served again after the window', async () => {
    await limited({ windowMs: 1_000, max: 1 });
    const atOnce = await Promise.all([get(), get()]);
    expect(atOnce.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 429]));
    await delay(1_100);
    expect((await get()).status).toBe(200);
  });
});

describe('a client behind a trusted proxy', () => {
  const { TRUSTED_PROXIES } = readConfig({ ...refusingServices, TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' });
  const from = (forwarded: string) => get('/api/notes', { 'X-Forwarded-For': forwarded });
  beforeEach(() => limited({}, { addressOf: (req) => clientAddress(req, TRUSTED_PROXIES) }));

  test('has a limit of its own', async () => {
    expect(await statusesOf(4, () => from('198.51.100.1'))).toEqual([200, 200, 200, 429]);
    expect((await from('198.51.100.2')).status).toBe(200);
    expect((await get()).status).toBe(200);
  });

  test('cannot claim another address', async () => {
    let i = 0;
    const spoofed = () => from(`198.51.100.${++i}, 203.0.113.7, 10.1.1.1`);
    expect(await statusesOf(4, spoofed)).toEqual([200, 200, 200, 429]);
  });

  test.each([
    ['203.0.113.7', (i: number) => `203.0.113.7:${i}`],
    ['an address of IPv6', (i: number) => `[2001:db8::1]:${i}`],
    ['the proxy, when the header has no address', (i: number) => `unknown-${i}`],
  ])('is %s, with any port', async (_who, forwarded) => {
    let i = 4_000;
    expect(await statusesOf(4, () => from(forwarded(++i)))).toEqual([200, 200, 200, 429]);
  });

  test('is passed to the service', async () => {
    await from('198.51.100.1, 203.0.113.7, 10.1.1.1');
    expect(service.reached[0]?.headers['x-forwarded-for']).toBe('203.0.113.7');
  });

  test.each(['anywhere', '10.0.0.0/99', '10.0.0.1,,'])('refuses the setting %s', (addresses) => {
    const environment = { ...refusingServices, TRUSTED_PROXIES: addresses };
    expect(() => readConfig(environment)).toThrow('TRUSTED_PROXIES: must be addresses or networks');
  });
});

describe('a user', () => {
  test('has their own limit, separate from others at the same address', async () => {
    const [ada, bob] = [tokenOf(randomUUID()), tokenOf(randomUUID())];
    expect(await statusesOf(4, () => as(ada))).toEqual([200, 200, 200, 429]);
    expect((await as(bob)).status).toBe(200);
    expect((await get()).status).toBe(200);
  });

  test('has one limit for all their tokens', async () => {
    const ada = randomUUID();
    expect(await statusesOf(4, () => as(tokenOf(ada)))).toEqual([200, 200, 200, 429]);
  });

  test.each([
    ['forged', (userId: string) => signAccessToken({ ...makeSigningKey(), kid: key.kid }, userId)],
    ['of an unknown key', (userId: string) => signAccessToken(makeSigningKey(), userId)],
    ['that has expired', (userId: string) => signAccessToken(key, userId, { options: { expiresIn: -1 } })],
    [
      'for another audience',
      (userId: string) => signAccessToken(key, userId, { options: { audience: 'x' } }),
    ],
  ])('is not charged for a token %s', async (_what, forge) => {
    const ada = randomUUID();
    expect(await statusesOf(4, () => as(forge(ada)))).toEqual([200, 200, 200, 429]);
    expect((await as(tokenOf(ada))).headers['ratelimit']).toMatch(/^"api"; r=2;/);
  });

  test('is charged only until the token expires', async () => {
    const token = signAccessToken(key, randomUUID(), { options: { expiresIn: 300 } });
    expect((await as(token)).headers['ratelimit']).toMatch(/r=2;/);
    expect((await as(token)).headers['ratelimit']).toMatch(/r=1;/);
    secondsAhead = 300;
    expect((await as(token)).headers['ratelimit']).toMatch(/r=2;/);
  });

  test('counts by address while no key is known', async () => {
    keysLoaded = false;
    expect(await statusesOf(2, () => as(tokenOf(randomUUID())))).toEqual([200, 200]);
    expect((await get()).headers['ratelimit']).toMatch(/r=0;/);
  });
});

describe('a strictly limited call', () => {
  test('has its own limit, and shows only that one', async () => {
    expect((await logIn()).headers['ratelimit']).toMatch(/^"auth"; r=1; t=60$/);
    expect((await logIn()).headers['ratelimit-policy']).toMatch(/^"auth"; q=2; w=60; pk=:[^,]+$/);
    const { status, headers, body } = await logIn();
    expect([status, JSON.parse(body).code]).toEqual([429, 'rate_limited']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
    expect((await get('/api/auth/sessions')).headers['ratelimit']).toMatch(/^"api"; r=2;/);
  });

  test('counts by address, with or without a token', async () => {
    const answers = await statusesOf(3, () => logIn({ Authorization: `Bearer ${tokenOf(randomUUID())}` }));
    expect(answers).toEqual([200, 200, 429]);
  });

  test.each([
    ['POST', '/api/auth/register'],
    ['POST', '/api/auth/login'],
    ['POST', '/api/auth/login/'],
    ['POST', '/api/auth/login?a=1'],
    ['POST', '/api/auth/forgot-password'],
    ['PATCH', '/api/auth/reset-password/some-token'],
    ['PATCH', '/api/auth/reset-password/a%2Eb/'],
    ['PATCH', '/api/auth/update-password'],
    ['POST', '/api/auth/resend-verification'],
    ['POST', '/api/auth/change-email'],
    ['POST', '/api/auth/verify-email'],
  ])('is %s %s', async (method, path) => {
    expect((await send(gateway, path, { method })).headers['ratelimit']).toMatch(/^"auth"; r=1;/);
  });

  test.each([
    ['GET', '/api/auth/login'],
    ['POST', '/api/auth/login/more'],
    ['POST', '/api/auth/loginX'],
    ['GET', '/api/auth/refresh'],
    ['PATCH', '/api/auth/reset-password'],
  ])('is not %s %s', async (method, path) => {
    expect((await send(gateway, path, { method })).headers['ratelimit']).toMatch(/^"api"; r=2;/);
  });

  test('counts all spellings of its path and all tokens in it together', async () => {
    const statusOf = async (method: string, path: string) => (await send(gateway, path, { method })).status;
    const spellings = ['/api/auth/login', '/api/auth/login/', '/api/auth/login?b=2'];
    expect(await Promise.all(spellings.map((path) => statusOf('POST', path)))).toEqual([200, 200, 429]);
    const tokens = ['a', 'b', 'c'].map((token) => `/api/auth/reset-password/${token}`);
    expect(await Promise.all(tokens.map((path) => statusOf('PATCH', path)))).toEqual([200, 200, 429]);
  });
});

describe('a refresh', () => {
  const refresh = (headers: Record<string, string> = {}) =>
    send(gateway, '/api/auth/refresh', { method: 'POST', headers, body: '{}' });

  test('has its own limit, and shows only that one', async () => {
    expect((await refresh()).headers['ratelimit']).toMatch(/^"refresh"; r=1; t=60$/);
    expect((await refresh()).headers['ratelimit-policy']).toMatch(/^"refresh"; q=2; w=60; pk=:[^,]+$/);
    const { status, headers, body } = await refresh();
    expect([status, JSON.parse(body).code]).toEqual([429, 'rate_limited']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
    expect((await logIn()).headers['ratelimit']).toMatch(/^"auth"; r=1;/);
    expect((await get()).headers['ratelimit']).toMatch(/^"api"; r=2;/);
  });

  test('counts by address, with or without a token', async () => {
    const answers = await statusesOf(3, () => refresh({ Authorization: `Bearer ${tokenOf(randomUUID())}` }));
    expect(answers).toEqual([200, 200, 429]);
  });

  test('has the usual limit when its own is off', async () => {
    await limited({ refreshMax: 0 });
    expect((await refresh()).headers['ratelimit']).toMatch(/^"api"; r=2;/);
    expect((await logIn()).headers['ratelimit']).toMatch(/^"auth"; r=1;/);
  });
});

test.each(['/health/live', '/health/ready', '/problems'])('%s is not counted', async (path) => {
  expect((await get(path)).headers).not.toHaveProperty('ratelimit');
});

test.each([
  '/health',
  '/openapi.json',
  '/docs',
  '/docs/',
  '/docs/swagger-ui-bundle.js',
  '/.well-known/jwks.json',
  '/nothing',
  '/health/live/more',
  '/health/ready/',
])('%s is counted', async (path) => {
  expect((await get(path)).headers['ratelimit']).toMatch(/^"api"; r=2;/);
});

test('a limit of 0 means no limit', async () => {
  await limited({ max: 0, authMax: 0 });
  expect(await statusesOf(20, get)).not.toContain(429);
  const { status, headers } = await logIn();
  expect([status, headers['ratelimit']]).toEqual([200, undefined]);
  await limited({ authMax: 0 });
  expect((await logIn()).headers['ratelimit']).toMatch(/^"api"; r=2;/);
});
