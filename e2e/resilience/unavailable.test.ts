// Proves docs/unavailable-parts.md, section by section. Parts that hang or die under load are in faults.test.ts.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testServers } from '@polyglot-notes/local-stack/testing';
import {
  buildAccount,
  createClient,
  login as loginAt,
  newUser as newUserAt,
  scaled,
  startTcpProxy,
  tokenIn,
  until,
  waitForMails,
  type Answer,
  type CallOptions,
  type Client,
} from '@polyglot-notes/service-kit/testing';
import { startSystem, type System } from '../systems.ts';

type Proxy = Awaited<ReturnType<typeof startTcpProxy>>;
type ServiceName = 'auth-service' | 'user-service' | 'notes-service';

let system: System;
let proxies: Record<'mongo' | 'postgres' | 'mail', Proxy>;
let adminToken: string;
beforeAll(async () => {
  const servers = testServers();
  const [mongo, postgres, mail] = await Promise.all([
    proxyTo(servers.mongoUrl),
    proxyTo(servers.notesTemplateUrl),
    proxyTo(servers.smtpUrl),
  ]);
  proxies = { mongo: mongo.proxy, postgres: postgres.proxy, mail: mail.proxy };
  const proxied = {
    ...servers,
    mongoUrl: mongo.url,
    notesTemplateUrl: postgres.url,
    smtpUrl: mail.url,
  };
  system = await startSystem({}, {}, proxied);
});
// A test that failed may have left a part unavailable.
beforeEach(async () => {
  for (const proxy of Object.values(proxies)) proxy.recover();
  await system.ensureRunning();
  await untilHealthy();
  adminToken = (await login(system.admin)).body.accessToken;
});
afterAll(async () => {
  await system.close();
  for (const proxy of Object.values(proxies)) proxy.close();
});

async function proxyTo(url: string) {
  const server = new URL(url);
  const proxy = await startTcpProxy(server);
  server.host = proxy.host;
  if (server.protocol === 'mongodb:') {
    // Otherwise the driver would connect to the members of a replica set, past the proxy.
    server.pathname ||= '/';
    server.searchParams.set('directConnection', 'true');
  }
  return { proxy, url: server.href };
}

/** A client of the gateway; no call may take longer than the gateway's own limit and a second. */
const patientClient = (baseUrl: string) => createClient(baseUrl, { timeoutMs: 10_000 + 1_000 });

const call = (method: string, path: string, options: CallOptions = {}) =>
  patientClient(system.urls.gateway).call(method, path, options);

type User = Awaited<ReturnType<typeof newUser>>;

async function newUser() {
  const user = await newUserAt(system.api);
  const as = (method: string, path: string, body?: unknown) =>
    call(method, path, { token: user.token, body });
  return { ...user, call: as, refreshToken: (await login(user)).body.refreshToken as string };
}
/** The calls that refresh, list and end sessions. */
const sessionCalls = (user: User) => [
  refresh(user.refreshToken),
  call('POST', '/api/auth/logout', { body: { refreshToken: user.refreshToken } }),
  user.call('POST', '/api/auth/logout'),
  user.call('POST', '/api/auth/logout-all'),
  user.call('GET', '/api/auth/sessions'),
  user.call('DELETE', `/api/auth/sessions/${randomUUID()}`),
];
const asAdmin = (method: string, path: string, body?: unknown) =>
  call(method, path, { token: adminToken, body });
const login = (credentials: { email: string; password: string }) =>
  loginAt(patientClient(system.urls.gateway), credentials);
const refresh = (refreshToken: string) => call('POST', '/api/auth/refresh', { body: { refreshToken } });
const register = (body: object) => call('POST', '/api/auth/register', { body });
const forgot = (email: string) => call('POST', '/api/auth/forgot-password', { body: { email } });
const newPassword = 'new correct horse';
const reset = (token: string) =>
  call('PATCH', `/api/auth/reset-password/${token}`, { body: { password: newPassword } });
const emailCalls = (user: User) => [
  call('POST', '/api/auth/resend-verification', { body: { email: user.email } }),
  call('POST', '/api/auth/verify-email', { body: { token: 'A'.repeat(43) } }),
  user.call('POST', '/api/auth/change-email', {
    currentPassword: user.password,
    newEmail: buildAccount().email,
  }),
];
const changePassword = (user: User, wanted = newPassword) =>
  user.call('PATCH', '/api/auth/update-password', {
    currentPassword: user.password,
    newPassword: wanted,
  });
const health = async () => {
  const { status, services } = (await call('GET', '/health')).body;
  return [status, services.auth.status, services.user.status, services.notes.status];
};
const untilHealthy = () => until(async () => (await health())[0] === 'ok');
const readiness = async (service: ServiceName) =>
  (await createClient(system.urls[service]).call('GET', '/health/ready')).body;

const outcome = async (answer: Promise<Answer>) => {
  const { status, headers, body } = await answer;
  return [status, body?.code, headers['retry-after']];
};
const unavailable = [503, 'service_unavailable', '2'];
const silent = [504, 'gateway_timeout', undefined];
const expectUnavailable = async (answers: Promise<Answer>[]) =>
  expect(await Promise.all(answers.map(outcome))).toEqual(answers.map(() => unavailable));
const statusesOf = async (answers: Promise<Answer>[]) =>
  (await Promise.all(answers)).map(({ status }) => status);

async function whileDown(service: ServiceName, check: () => Promise<void>) {
  await system.stop(service, 'SIGKILL');
  try {
    await check();
  } finally {
    await system.start(service);
  }
}

async function whileHanging(proxy: Proxy, check: () => Promise<void>) {
  proxy.hang();
  try {
    await check();
  } finally {
    proxy.recover();
  }
}

async function whileDisconnected(proxy: Proxy, check: () => Promise<void>) {
  proxy.disconnect();
  try {
    await check();
  } finally {
    proxy.recover();
  }
}

/** The calls that do not need notes-service. */
async function expectAllButNotes(user: User) {
  const calls = [
    login(user),
    register(buildAccount()),
    user.call('GET', '/api/users/me'),
    user.call('PATCH', '/api/users/update-me', { bio: 'still here' }),
    asAdmin('GET', '/api/users'),
    refresh(user.refreshToken),
    user.call('GET', '/api/auth/sessions'),
  ];
  expect(await statusesOf(calls)).toEqual([200, 201, 200, 200, 200, 200, 200]);
}

/** The calls of a user for notes, with the status of each when all parts are available. */
async function notesOf(user: User) {
  const make = async () => String((await user.call('POST', '/api/notes', { title: 'a note' })).body.id);
  const [kept, deleted] = await Promise.all([make(), make()]);
  return {
    calls: () => [
      user.call('GET', '/api/notes?search=note'),
      user.call('POST', '/api/notes', { title: 'another' }),
      user.call('GET', `/api/notes/${kept}`),
      user.call('PATCH', `/api/notes/${kept}`, { pinned: true }),
      user.call('DELETE', `/api/notes/${deleted}`),
    ],
    expected: [200, 201, 200, 200, 204],
  };
}

/** The ids of the accounts with a pending delivery. */
const pendingDeliveries = async () =>
  (await asAdmin('GET', '/api/users/deliveries')).body.items.map(({ id }: { id: string }) => id) as string[];
const receiptOf = async ({ id }: { id: string }) => (await asAdmin('GET', `/api/users/deletions/${id}`)).body;

describe('while auth-service is unavailable', () => {
  test('nobody logs in or changes a password, and users with a token work on', async () => {
    const user = await newUser();
    const notes = await notesOf(user);
    expect((await call('GET', '/openapi.json')).status).toBe(200);
    await whileDown('auth-service', async () => {
      await expectUnavailable([
        login(user),
        register(buildAccount()),
        forgot(user.email),
        reset('A'.repeat(43)),
        ...emailCalls(user),
        changePassword(user),
        ...sessionCalls(user),
        call('GET', '/.well-known/jwks.json'),
        asAdmin('GET', '/api/auth/deliveries'),
      ]);
      expect(await statusesOf(notes.calls())).toEqual(notes.expected);
      const others = [
        user.call('GET', '/api/users/me'),
        user.call('PATCH', '/api/users/update-me', { bio: 'still here' }),
        asAdmin('GET', '/api/users'),
        call('GET', '/openapi.json'),
      ];
      expect(await statusesOf(others)).toEqual([200, 200, 200, 200]);
      expect(await health()).toEqual(['degraded', 'down', 'ok', 'ok']);
    });
    expect(await statusesOf([login(user), refresh(user.refreshToken)])).toEqual([200, 200]);
    expect(await health()).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  test('deactivation, promotion, the end of all sessions and deletion take effect in user-service at once, and everywhere later', async () => {
    const [deactivated, promoted, deleted] = [await newUser(), await newUser(), await newUser()];
    const loggedOut = await newUser();
    for (const user of [deactivated, deleted]) await user.call('POST', '/api/notes', { title: 'a note' });
    await whileDown('auth-service', async () => {
      expect((await deactivated.call('DELETE', '/api/users/delete-me')).status).toBe(202);
      expect((await asAdmin('PATCH', `/api/users/${promoted.id}`, { role: 'admin' })).status).toBe(202);
      expect((await asAdmin('DELETE', `/api/users/${loggedOut.id}/sessions`)).status).toBe(202);
      const { status, headers } = await asAdmin('DELETE', `/api/users/${deleted.id}`);
      expect([status, headers['location']]).toEqual([202, `/api/users/deletions/${deleted.id}`]);
      for (const user of [deactivated, promoted, loggedOut, deleted])
        expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ code: 'token_revoked' });
      expect((await deleted.call('POST', '/api/notes', { title: 'late' })).body).toMatchObject({
        code: 'token_revoked',
      });
      // notes-service learns of these from auth-service.
      for (const user of [deactivated, loggedOut])
        expect((await user.call('GET', '/api/notes')).status).toBe(200);
      expect(await pendingDeliveries()).toEqual(
        expect.arrayContaining([deactivated, promoted, loggedOut, deleted].map(({ id }) => id)),
      );
    });
    await until(async () => (await pendingDeliveries()).length === 0);
    expect((await login(deactivated)).body).toMatchObject({ code: 'account_deactivated' });
    expect((await login(promoted)).body.user).toMatchObject({ role: 'admin' });
    expect((await login(deleted)).body).toMatchObject({ code: 'invalid_credentials' });
    expect(await receiptOf(deleted)).toMatchObject({
      state: 'completed',
      removed: { profile: 1, credentials: 1, sessions: 2, notes: 1 },
    });
    for (const user of [deactivated, loggedOut]) {
      expect((await refresh(user.refreshToken)).body).toMatchObject({ code: 'invalid_refresh_token' });
      await until(async () => (await user.call('GET', '/api/notes')).status === 401);
    }
    expect((await login(loggedOut)).status).toBe(200);
    await asAdmin('PATCH', `/api/users/${promoted.id}`, { role: 'user' });
  });

  test('a service that starts meanwhile is not ready, and becomes ready by itself', async () => {
    const user = await newUser();
    await system.stop('auth-service');
    await system.stop('notes-service');
    const notes = system.start('notes-service');
    let ready = await readiness('notes-service').catch(() => undefined);
    while (ready === undefined) ready = await readiness('notes-service').catch(() => undefined);
    expect(ready).toMatchObject({
      status: 'down',
      checks: { signingKeys: 'down', revocations: 'down', postgresql: 'ok' },
    });
    await expectUnavailable([user.call('GET', '/api/notes')]);
    await system.start('auth-service');
    await notes;
    expect((await user.call('GET', '/api/notes')).status).toBe(200);
  });
});

describe('while the revocation feed is unavailable', () => {
  test('admins are refused after 15 seconds, all users after the lifetime of a token, until it is available again', async () => {
    const seconds = scaled(20);
    const other = await startSystem({ ACCESS_TOKEN_TTL_SECONDS: String(seconds) });
    try {
      const gateway = patientClient(other.urls.gateway);
      const as = (client: Client) => (path: string) => client.call('GET', path);
      const ready = async (service: ServiceName) =>
        (await createClient(other.urls[service]).call('GET', '/health/ready')).body;
      const [{ token }, leaver, admin] = await Promise.all([
        newUserAt(gateway),
        newUserAt(gateway),
        other.asAdmin(),
      ]);
      const [asUser, asTheAdmin] = [as(gateway.as(token)), as(admin)];
      await other.stop('auth-service', 'SIGKILL');
      const since = Date.now();
      const after = (ms: number) => delay(since + ms - Date.now());

      expect((await asTheAdmin('/api/users')).status).toBe(200);
      await after(15_500);
      await expectUnavailable([asTheAdmin('/api/users'), asTheAdmin('/api/users/deliveries')]);
      expect(
        await statusesOf([asUser('/api/users/me'), asUser('/api/notes'), asTheAdmin('/api/notes')]),
      ).toEqual([200, 200, 200]);
      expect((await leaver.call('DELETE', '/api/users/delete-me')).status).toBe(202);
      for (const service of ['user-service', 'notes-service'] as const)
        expect(await ready(service)).toMatchObject({ status: 'ok' });

      await after(seconds * 1000 + 500);
      await expectUnavailable([asUser('/api/users/me'), asUser('/api/notes'), asTheAdmin('/api/users')]);
      for (const service of ['user-service', 'notes-service'] as const) {
        expect(await ready(service)).toMatchObject({
          status: 'down',
          checks: { revocations: 'down', signingKeys: 'ok' },
        });
      }

      await other.start('auth-service');
      await until(async () => (await ready('user-service')).status === 'ok');
      await until(async () => (await ready('notes-service')).status === 'ok');
      await until(async () => (await loginAt(gateway, leaver)).body.code === 'account_deactivated');
      const asAdminAgain = as(await other.asAdmin());
      expect(await statusesOf([asAdminAgain('/api/users'), asAdminAgain('/api/notes')])).toEqual([200, 200]);
    } finally {
      await other.close();
    }
  });
});

describe('while user-service is unavailable', () => {
  test('registration leaves nothing, profiles answer 503, and login, sessions, passwords and notes work', async () => {
    const user = await newUser();
    const notes = await notesOf(user);
    const account = buildAccount();
    const [leaver, remover] = [await newUser(), await newUser()];
    await whileDown('user-service', async () => {
      await expectUnavailable([
        register(account),
        user.call('GET', '/api/users/me'),
        user.call('PATCH', '/api/users/update-me', { bio: 'lost' }),
        user.call('DELETE', '/api/users/delete-me'),
        asAdmin('GET', '/api/users'),
        asAdmin('DELETE', `/api/users/${user.id}`),
        asAdmin('DELETE', `/api/users/${user.id}/sessions`),
      ]);
      expect(await statusesOf([refresh(user.refreshToken), leaver.call('POST', '/api/auth/logout')])).toEqual(
        [200, 204],
      );
      const { body: list } = await remover.call('GET', '/api/auth/sessions');
      const current = list.items.find((session: { current: boolean }) => session.current);
      expect((await remover.call('DELETE', `/api/auth/sessions/${current.id}`)).status).toBe(204);
      expect((await login(account)).body).toMatchObject({ status: 401, code: 'invalid_credentials' });
      expect((await login(user)).status).toBe(200);
      expect(await statusesOf(notes.calls())).toEqual(notes.expected);
      expect(await health()).toEqual(['degraded', 'ok', 'down', 'ok']);

      const { email: newEmail } = buildAccount();
      const change = { currentPassword: user.password, newEmail };
      expect((await user.call('POST', '/api/auth/change-email', change)).status).toBe(202);
      const [confirmation] = await waitForMails(newEmail, 1);
      const confirm = { body: { token: tokenIn(confirmation!) } };
      expect((await call('POST', '/api/auth/verify-email', confirm)).status).toBe(204);
      expect((await forgot(newEmail)).status).toBe(202);
      const [, mail] = await waitForMails(newEmail, 2);
      expect((await reset(tokenIn(mail!))).status).toBe(204);
      user.email = newEmail;
      const { status, body } = await changePassword({ ...user, password: newPassword }, 'a third one');
      // The token was issued before the reset.
      expect([status, body.code]).toEqual([401, 'token_revoked']);
    });
    expect((await register({ ...account, password: 'another password' })).status).toBe(201);
    // user-service knows of the new password and of the ended sessions.
    for (const { call: as } of [user, leaver, remover])
      expect((await as('GET', '/api/users/me')).body).toMatchObject({ code: 'token_revoked' });
    await until(async () => (await asAdmin('GET', '/api/auth/deliveries')).body.items.length === 0);
    const token: string = (await login({ ...user, password: newPassword })).body.accessToken;
    expect((await call('GET', '/api/users/me', { token })).body).toMatchObject({
      bio: null,
      email: user.email,
      emailVerified: true,
    });
  });
});

describe('while notes-service is unavailable', () => {
  test('notes answer 503, everything else works, and the notes of a deleted user are erased later', async () => {
    const [user, deleted] = [await newUser(), await newUser()];
    const notes = await notesOf(user);
    await deleted.call('POST', '/api/notes', { title: 'erased later' });
    const leaver = await newUser();
    await whileDown('notes-service', async () => {
      await expectUnavailable(notes.calls());
      await expectAllButNotes(user);
      expect((await leaver.call('POST', '/api/auth/logout')).status).toBe(204);
      const { status, headers, body } = await asAdmin('DELETE', `/api/users/${deleted.id}`);
      expect([status, headers['location'], body.state]).toEqual([
        202,
        `/api/users/deletions/${deleted.id}`,
        'pending',
      ]);
      expect((await login(deleted)).body).toMatchObject({ code: 'invalid_credentials' });
      expect(await health()).toEqual(['degraded', 'ok', 'ok', 'down']);
    });
    expect((await leaver.call('GET', '/api/notes')).body).toMatchObject({ code: 'token_revoked' });
    expect(await statusesOf(notes.calls())).toEqual(notes.expected);
    await until(async () => (await receiptOf(deleted)).state === 'completed');
    expect(await receiptOf(deleted)).toMatchObject({ removed: { profile: 1, credentials: 1, notes: 1 } });
  });
});

describe('while no service is available', () => {
  test('the gateway reports it, and is itself ready', async () => {
    const services = ['auth-service', 'user-service', 'notes-service'] as const;
    await Promise.all(services.map((service) => system.stop(service)));
    try {
      expect((await call('GET', '/health')).status).toBe(503);
      expect(await health()).toEqual(['down', 'down', 'down', 'down']);
      expect((await call('GET', '/health/ready')).status).toBe(200);
      await expectUnavailable([call('GET', '/api/notes')]);
    } finally {
      await system.start(...services);
    }
    expect(await health()).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});

describe('while MongoDB is unavailable', () => {
  test('accounts answer 503, notes work, and accounts recover by themselves', async () => {
    const user = await newUser();
    const notes = await notesOf(user);
    await whileDisconnected(proxies.mongo, async () => {
      // Twice: with a broken connection, and without a server to connect to.
      for (let time = 0; time < 2; time++) await expectUnavailable(accountCalls(user));
      expect(await statusesOf(notes.calls())).toEqual(notes.expected);
      expect((await call('GET', '/.well-known/jwks.json')).status).toBe(200);
      expect(await health()).toEqual(['degraded', 'down', 'down', 'ok']);
    });
    await untilHealthy();
    expect(await statusesOf([login(user), refresh(user.refreshToken)])).toEqual([200, 200]);
    expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ id: user.id, bio: null });
  });

  test('a server that hangs causes 504 at first, then 503 at once', async () => {
    const [user, other] = [await newUser(), await newUser()];
    const notes = await notesOf(user);
    await whileHanging(proxies.mongo, async () => {
      // Such a call may still be carried out, so another user sends it.
      const first = await Promise.all(accountCalls(other).map(outcome));
      expect(first).toEqual(first.map(() => silent));
      await expectUnavailable([login(user), user.call('GET', '/api/users/me')]);
      expect(await statusesOf(notes.calls())).toEqual(notes.expected);
      for (const service of ['auth-service', 'user-service'] as const) {
        const scrape = await fetch(system.metricsUrls[service], { signal: AbortSignal.timeout(scaled(500)) });
        expect(await scrape.text()).toMatch(/^account_deliveries_open\{state="parked"\} 0$/m);
      }
    });
    await untilHealthy();
    for (const again of [() => login(user), () => user.call('GET', '/api/users/me')])
      await until(async () => (await again()).status === 200);
    expect((await asAdmin('GET', '/api/users')).status).toBe(200);
  });

  const accountCalls = (user: User) => [
    login(user),
    register(buildAccount()),
    forgot(user.email),
    reset('A'.repeat(43)),
    ...emailCalls(user),
    changePassword(user),
    ...sessionCalls(user),
    user.call('GET', '/api/users/me'),
    user.call('PATCH', '/api/users/update-me', { bio: 'lost' }),
    user.call('DELETE', '/api/users/delete-me'),
    asAdmin('GET', '/api/users'),
    asAdmin('DELETE', `/api/users/${user.id}`),
  ];
});

describe('while PostgreSQL is unavailable', () => {
  test('notes answer 503, everything else works, and notes recover by themselves', async () => {
    const [user, deleted] = [await newUser(), await newUser()];
    const notes = await notesOf(user);
    await deleted.call('POST', '/api/notes', { title: 'erased later' });
    await whileDisconnected(proxies.postgres, async () => {
      for (let time = 0; time < 2; time++) await expectUnavailable(notes.calls());
      await expectAllButNotes(user);
      expect((await asAdmin('DELETE', `/api/users/${deleted.id}`)).status).toBe(202);
      expect(await health()).toEqual(['degraded', 'ok', 'ok', 'down']);
    });
    await untilHealthy();
    expect(await statusesOf(notes.calls())).toEqual(notes.expected);
    await until(async () => (await receiptOf(deleted)).state === 'completed');
    expect(await receiptOf(deleted)).toMatchObject({ removed: { notes: 1 } });
  });

  test('a server that hangs causes 503 before the time limit of the gateway', async () => {
    const user = await newUser();
    const notes = await notesOf(user);
    await whileHanging(proxies.postgres, async () => {
      await expectUnavailable(notes.calls());
      await expectAllButNotes(user);
    });
    await untilHealthy();
    expect(await statusesOf(notes.calls())).toEqual(notes.expected);
  });
});

describe('while the mail server is unavailable', () => {
  test('mails wait, and everything else works', async () => {
    const user = await newUser();
    await whileDisconnected(proxies.mail, async () => {
      expect((await forgot(user.email)).status).toBe(202);
      await expectAllButNotes(user);
    });
    await waitForMails(user.email, 1);
  });
});
