import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  login,
  makeSigningKey,
  newUser,
  signAccessToken,
  until,
  type Answer,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { readDocument } from '../openapi-document.ts';
import { startSystem, type System } from '../systems.ts';

// An empty setting counts as not set, so the defaults apply.
const defaults = { RATE_LIMIT_MAX: '', RATE_LIMIT_AUTH_MAX: '', RATE_LIMIT_REFRESH_MAX: '' };

const read = (user: User) => user.call('GET', '/api/users/me');
const partition = ({ headers }: Answer) => /pk=:(.+):/.exec(String(headers['ratelimit-policy']))?.[1];
const left = ({ headers }: Answer) => Number(/r=(\d+)/.exec(String(headers['ratelimit']))?.[1]);

/** Makes `count` calls, ten at a time, and returns the number of answers of each status. */
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

describe('a system with the default limits', () => {
  let system: System;
  let ada: User;
  let bob: User;
  beforeAll(async () => {
    system = await startSystem(defaults);
    [ada, bob] = await Promise.all([newUser(system.api), newUser(system.api)]);
    // Until the gateway has loaded the signing keys it counts all calls by address.
    const byAddress = partition(await system.api.call('GET', '/api/users/me'));
    await until(async () => partition(await read(ada)) !== byAddress);
  });
  afterAll(() => system.close());

  test('allows ten logins and refuses the eleventh', async () => {
    const logIn = () => login(system.api, ada);
    expect(await tally(10, logIn)).toEqual({ 200: 10 });
    const { status, headers, body } = await logIn();
    expect([status, body.code]).toEqual([429, 'rate_limited']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers['ratelimit']).toMatch(/^"auth"; r=0; t=\d+$/);
    expect(headers['ratelimit-policy']).toMatch(/^"auth"; q=10; w=60;/);
  });

  test('counts refreshes on their own, by address, and allows 120', async () => {
    const refresh = () => system.api.call('POST', '/api/auth/refresh', { body: { refreshToken: 'none' } });
    const first = await refresh();
    expect([first.status, left(first)]).toEqual([401, 119]);
    expect(first.headers['ratelimit-policy']).toMatch(/^"refresh"; q=120; w=60;/);
    expect(await tally(119, refresh)).toEqual({ 401: 119 });
    const refused = await refresh();
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect((await read(ada)).status).toBe(200);
  });

  test('sends the headers that the OpenAPI document declares', async () => {
    const document = await readDocument(ada);
    const list = document.operations.find(({ name }) => name === 'GET /api/notes')!;
    const answers = await Promise.all([
      ada.call('GET', '/api/notes'),
      ada.call('GET', '/api/notes?limit=0'),
      system.api.call('GET', '/api/notes'),
    ]);
    for (const answer of answers) {
      expect(answer.headers).toMatchObject({ ratelimit: expect.any(String), vary: expect.any(String) });
      expect(document.faultsOfAnswer(list, answer)).toBe('');
    }
  });

  test('allows 300 calls of a user, and counts them for no other user', async () => {
    const rest = left(await read(ada));
    expect(rest).toBeGreaterThan(280);
    expect(await tally(rest, () => read(ada))).toEqual({ 200: rest });
    const refused = await read(ada);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(refused.headers['ratelimit-policy']).toMatch(/^"api"; q=300; w=60;/);

    const answer = await read(bob);
    expect([answer.status, left(answer)]).toEqual([200, 299]);
    const forged = signAccessToken(makeSigningKey(), bob.id);
    const forger = () => system.api.call('GET', '/api/users/me', { token: forged });
    expect((await forger()).status).toBe(401);
    expect(await tally(400, forger)).toMatchObject({ 429: expect.any(Number) });
    expect(left(await read(bob))).toBe(298);
  });
});

describe('a system with a window of two seconds', () => {
  test('allows calls again when the window is over', async () => {
    const system = await startSystem({
      RATE_LIMIT_WINDOW_MS: '2000',
      RATE_LIMIT_MAX: '0',
      RATE_LIMIT_AUTH_MAX: '1',
    });
    try {
      const logIn = () => login(system.api, buildAccount());
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
