import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
import { until } from '@polyglot-notes/service-kit/testing';
import { call as callAt, newAccount, newUser, type CallOptions } from './client.ts';

let system: TestSystem;
beforeAll(async () => {
  // In the proportion of the defaults.
  system = await startTestSystem(testServers(), { UPSTREAM_TIMEOUT_MS: '2000', INTERNAL_TIMEOUT_MS: '600' });
});
afterAll(() => system.close());

const call = (method: string, path: string, options: CallOptions = {}) =>
  callAt(method, path, { baseUrl: system.urls.gateway, ...options });
const register = (body: object) => call('POST', '/api/auth/register', { body });
const login = ({ email, password }: { email: string; password: string }) =>
  call('POST', '/api/auth/login', { body: { email, password } });

const unavailable = { status: 503, code: 'service_unavailable' };

/** Lets a service hang with its connections open, as one does that waits for something. */
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
  test('a registration is a 503, and is carried out by the next try', async () => {
    const account = newAccount();
    await whileHanging('user-service', async () => {
      expect((await register(account)).body).toMatchObject(unavailable);
    });
    expect((await register(account)).status).toBe(201);
    expect((await login(account)).status).toBe(200);
  });

  test('its own calls are a 504, soon a 503 at once, and are there again by themselves', async () => {
    const user = await newUser(system.urls.gateway);
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
    const accounts = Array.from({ length: 40 }, newAccount);
    const tries = accounts.map((account) => register(account));
    await Promise.race(tries);
    await system.stop('auth-service', 'SIGKILL');
    const answers = await Promise.all(tries);
    await system.start('auth-service');
    expect(answers.filter(({ status }) => ![201, 502, 503].includes(status))).toEqual([]);

    for (const [index, account] of accounts.entries()) {
      // An account whose registration was not acknowledged may be complete all the same, or is made now.
      if (answers[index]?.status !== 201) await register(account);
      const { body } = await login(account);
      expect((await call('GET', '/api/users/me', { token: body.accessToken })).body).toMatchObject({
        email: account.email,
      });
    }
  });

  test('costs an open request a 502 and the next one nothing', async () => {
    const user = await newUser(system.urls.gateway);
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
