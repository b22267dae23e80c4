import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
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

async function whileAway(
  service: 'auth-service' | 'user-service' | 'notes-service',
  check: () => Promise<void>,
) {
  await system.stop(service, 'SIGKILL');
  try {
    await check();
  } finally {
    await system.start(service);
  }
}

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

describe('while user-service is away', () => {
  test('registration is a 503 that leaves nothing behind; login and notes go on', async () => {
    const user = await newUser(system.urls.gateway);
    const account = newAccount();
    await whileAway('user-service', async () => {
      const refused = await register(account);
      expect(refused.body).toMatchObject(unavailable);
      expect(refused.headers['retry-after']).toBeDefined();
      expect((await login(account)).body).toMatchObject({ status: 401, code: 'invalid_credentials' });
      expect((await login(user)).status).toBe(200);
      expect((await user.call('GET', '/api/notes')).status).toBe(200);
      expect((await user.call('GET', '/api/users/me')).body).toMatchObject(unavailable);
      expect((await call('GET', '/health')).body).toMatchObject({
        status: 'degraded',
        services: { user: { status: 'down' } },
      });
    });
    expect((await register({ ...account, password: 'another password' })).status).toBe(201);
  });

  test('a registration that hung is carried out by the next try', async () => {
    const account = newAccount();
    await whileHanging('user-service', async () => {
      expect((await register(account)).body).toMatchObject(unavailable);
    });
    expect((await register(account)).status).toBe(201);
    expect((await login(account)).status).toBe(200);
  });

  test('its own calls are a 504 when it hangs', async () => {
    const user = await newUser(system.urls.gateway);
    await whileHanging('user-service', async () => {
      expect((await user.call('GET', '/api/users/me')).body).toMatchObject({
        status: 504,
        code: 'gateway_timeout',
      });
    });
    expect((await user.call('GET', '/api/users/me')).status).toBe(200);
  });
});

describe('while auth-service is away', () => {
  test('nobody gets in, and who is in goes on', async () => {
    const user = await newUser(system.urls.gateway);
    await whileAway('auth-service', async () => {
      expect((await login(user)).body).toMatchObject(unavailable);
      expect((await register(newAccount())).body).toMatchObject(unavailable);
      expect((await user.call('GET', '/api/users/me')).status).toBe(200);
      expect((await user.call('POST', '/api/notes', { body: { title: 'offline' } })).status).toBe(201);
    });
    expect((await login(user)).status).toBe(200);
    expect((await user.call('GET', '/api/notes')).body.items).toHaveLength(1);
  });

  test('a service that starts meanwhile is not ready, and gets ready by itself', async () => {
    const user = await newUser(system.urls.gateway);
    const ready = () => callAt('GET', '/health/ready', { baseUrl: system.urls['notes-service'] });
    await system.stop('auth-service');
    await system.stop('notes-service');
    const notes = system.start('notes-service');
    let answer = await ready().catch(() => undefined);
    while (answer === undefined) answer = await ready().catch(() => undefined);
    expect(answer.body).toMatchObject({ status: 'down', checks: { signingKeys: 'down', postgresql: 'ok' } });
    expect((await user.call('GET', '/api/notes')).body).toMatchObject(unavailable);
    await system.start('auth-service');
    await notes;
    expect((await user.call('GET', '/api/notes')).status).toBe(200);
  });
});

describe('while no service is there', () => {
  test('the gateway says so, and is itself all right', async () => {
    const services = ['auth-service', 'user-service', 'notes-service'] as const;
    await Promise.all(services.map((service) => system.stop(service)));
    try {
      const health = await call('GET', '/health');
      expect(health.status).toBe(503);
      expect(health.body).toMatchObject({
        status: 'down',
        services: { auth: { status: 'down' }, user: { status: 'down' }, notes: { status: 'down' } },
      });
      expect((await call('GET', '/health/ready')).status).toBe(200);
      expect((await call('GET', '/api/notes')).body).toMatchObject(unavailable);
    } finally {
      await system.start(...services);
    }
    expect((await call('GET', '/health')).body).toMatchObject({ status: 'ok' });
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
