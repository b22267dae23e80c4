import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { buildAccount, login as loginAt, newUser, scaled, until } from '@polyglot-notes/service-kit/testing';
import { startSystem, type System } from '../systems.ts';

let system: System;
beforeAll(async () => {
  // In the proportion of the defaults.
  system = await startSystem({
    UPSTREAM_TIMEOUT_MS: String(scaled(2_000)),
    INTERNAL_TIMEOUT_MS: String(scaled(600)),
  });
});
beforeEach(() => system.ensureRunning());
afterAll(() => system.close());

const register = (body: object) => system.api.call('POST', '/api/auth/register', { body });
const login = (credentials: { email: string; password: string }) => loginAt(system.api, credentials);

const unavailable = { status: 503, code: 'service_unavailable' };

/** Suspends a service with its connections open. */
async function whileHanging(
  service: 'auth-service' | 'user-service' | 'notes-service',
  check: () => Promise<void>,
) {
  process.kill(system.pid(service), 'SIGSTOP');
  try {
    await check();
  } finally {
    process.kill(system.pid(service), 'SIGCONT');
  }
}

describe('while user-service hangs', () => {
  test('a registration answers 503, and the next attempt completes it', async () => {
    const account = buildAccount();
    await whileHanging('user-service', async () => {
      expect((await register(account)).body).toMatchObject(unavailable);
    });
    expect((await register(account)).status).toBe(201);
    expect((await login(account)).status).toBe(200);
  });

  test('its own calls answer 504, then 503 at once, and recover by themselves', async () => {
    const user = await newUser(system.api);
    const me = () => user.call('GET', '/api/users/me');
    await whileHanging('user-service', async () => {
      for (let time = 0; time < 3; time++)
        expect((await me()).body).toMatchObject({ status: 504, code: 'gateway_timeout' });
      const { headers, body } = await me();
      expect([body.code, headers['retry-after']]).toEqual([unavailable.code, '2']);
      expect((await user.call('GET', '/api/notes')).status).toBe(200);
    });
    await until(async () => (await me()).status === 200);
  });
});

describe('a service that is killed under load', () => {
  test('leaves no account that neither works nor can be registered again', async () => {
    const accounts = Array.from({ length: 40 }, buildAccount);
    const tries = accounts.map((account) => register(account));
    await Promise.race(tries);
    await system.stop('auth-service', 'SIGKILL');
    const answers = await Promise.all(tries);
    await system.start('auth-service');
    // On a busy machine, some wait longer for auth-service than the gateway does: 504.
    expect(answers.filter(({ status }) => ![201, 502, 503, 504].includes(status))).toEqual([]);

    for (const [index, account] of accounts.entries()) {
      // A registration that was not acknowledged may be complete nevertheless.
      if (answers[index]?.status !== 201) await register(account);
      const { body } = await login(account);
      expect((await system.api.call('GET', '/api/users/me', { token: body.accessToken })).body).toMatchObject(
        {
          email: account.email,
        },
      );
    }
  });

  test('answers an open request with 502, and works again after its restart', async () => {
    const user = await newUser(system.api);
    process.kill(system.pid('notes-service'), 'SIGSTOP');
    const open = user.call('GET', '/api/notes');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await system.stop('notes-service', 'SIGKILL');
    expect((await open).body).toMatchObject({ status: 502, code: 'bad_gateway' });
    expect((await user.call('GET', '/api/notes')).body).toMatchObject(unavailable);
    await system.start('notes-service');
    expect((await user.call('GET', '/api/notes')).status).toBe(200);
  });
});
