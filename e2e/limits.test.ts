import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
import { makeSigningKey, signAccessToken, until } from '@polyglot-notes/service-kit/testing';
import { call, newAccount, newUser, type Answer } from './client.ts';

// An empty setting is one that is not set, so the defaults hold.
const defaults = { RATE_LIMIT_MAX: '', RATE_LIMIT_AUTH_MAX: '' };

type User = Awaited<ReturnType<typeof newUser>>;
const read = (user: User) => user.call('GET', '/api/users/me');
const partition = ({ headers }: Answer) => /pk=:(.+):/.exec(String(headers['ratelimit-policy']))?.[1];
const left = ({ headers }: Answer) => Number(/r=(\d+)/.exec(String(headers['ratelimit']))?.[1]);

/** Makes `count` calls, a few at a time, and gives back how many answers there were of each status. */
async function tally(count: number, make: () => Promise<Answer>): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  let begun = 0;
  const clients = Array.from({ length: 10 }, async () => {
    while (begun++ < count) {
      const { status } = await make();
      counts[status] = (counts[status] ?? 0) + 1;
    }
  });
  await Promise.all(clients);
  return counts;
}

describe('a system with the limits that it has by default', () => {
  let system: TestSystem;
  let ada: User;
  let bob: User;
  beforeAll(async () => {
    system = await startTestSystem(testServers(), defaults);
    [ada, bob] = await Promise.all([newUser(system.urls.gateway), newUser(system.urls.gateway)]);
    // Until the gateway has read the signing keys it counts everybody by address.
    const byAddress = partition(await call('GET', '/api/users/me', { baseUrl: system.urls.gateway }));
    await until(async () => partition(await read(ada)) !== byAddress);
  });
  afterAll(() => system.close());

  test('lets ten logins pass and refuses the eleventh', async () => {
    const { email, password } = ada;
    const logIn = () =>
      call('POST', '/api/auth/login', { body: { email, password }, baseUrl: system.urls.gateway });
    expect(await tally(10, logIn)).toEqual({ 200: 10 });
    const { status, headers, body } = await logIn();
    expect([status, body.code]).toEqual([429, 'rate_limited']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers['ratelimit']).toMatch(/^"auth"; r=0; t=\d+$/);
    expect(headers['ratelimit-policy']).toMatch(/^"auth"; q=10; w=60;/);
  });

  test('lets 300 calls of a user pass, and charges nobody else for them', async () => {
    const rest = left(await read(ada));
    expect(rest).toBeGreaterThan(280);
    expect(await tally(rest, () => read(ada))).toEqual({ 200: rest });
    const refused = await read(ada);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(refused.headers['ratelimit-policy']).toMatch(/^"api"; q=300; w=60;/);

    const answer = await read(bob);
    expect([answer.status, left(answer)]).toEqual([200, 299]);
    const forged = signAccessToken(makeSigningKey(), bob.id);
    const forger = () => call('GET', '/api/users/me', { token: forged, baseUrl: system.urls.gateway });
    expect((await forger()).status).toBe(401);
    expect(await tally(400, forger)).toMatchObject({ 429: expect.any(Number) });
    expect(left(await read(bob))).toBe(298);
  });
});

describe('a system with a window of two seconds', () => {
  test('goes on when the window is over', async () => {
    const system = await startTestSystem(testServers(), {
      RATE_LIMIT_WINDOW_MS: '2000',
      RATE_LIMIT_MAX: '0',
      RATE_LIMIT_AUTH_MAX: '1',
    });
    try {
      const logIn = () =>
        call('POST', '/api/auth/login', { body: newAccount(), baseUrl: system.urls.gateway });
      await logIn();
      const refused = await logIn();
      expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
      await delay(Number(refused.headers['retry-after']) * 1000);
      expect((await logIn()).body.code).not.toBe('rate_limited');
    } finally {
      await system.close();
    }
  });
});
