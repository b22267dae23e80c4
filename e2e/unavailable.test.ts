// Proves docs/unavailable-parts.md, row by row. What happens when a part hangs or dies under load is in faults.test.ts.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
import { mailsTo, startTcpProxy, tokenIn, until, waitForMails } from '@polyglot-notes/service-kit/testing';
import { call as callAt, logIn, newAccount, newUser, type Answer, type CallOptions } from './client.ts';

type Way = Awaited<ReturnType<typeof startTcpProxy>>;
type ServiceName = 'auth-service' | 'user-service' | 'notes-service';

let system: TestSystem;
let ways: Record<'mongo' | 'postgres' | 'mail', Way>;
let adminToken: string;
beforeAll(async () => {
  const servers = testServers();
  const [mongo, postgres, mail] = await Promise.all([
    wayTo(servers.mongoUrl),
    wayTo(servers.notesTemplateUrl),
    wayTo(servers.smtpUrl),
  ]);
  ways = { mongo: mongo.way, postgres: postgres.way, mail: mail.way };
  system = await startTestSystem({
    ...servers,
    mongoUrl: mongo.url,
    notesTemplateUrl: postgres.url,
    smtpUrl: mail.url,
  });
  adminToken = await logIn(system.admin, system.urls.gateway);
});
afterAll(async () => {
  await system.close();
  for (const way of Object.values(ways)) way.close();
});

async function wayTo(url: string) {
  const server = new URL(url);
  const way = await startTcpProxy(server);
  server.host = way.host;
  if (server.protocol === 'mongodb:') {
    // The driver would look for the members of a replica set, past the way.
    server.pathname ||= '/';
    server.searchParams.set('directConnection', 'true');
  }
  return { way, url: server.href };
}

// The gateway's default, and a second for all else.
const patienceMs = 10_000 + 1_000;

/** A call through the gateway; none may wait for longer than the gateway does. */
async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const tooLong = new AbortController();
  const answer = callAt(method, path, { baseUrl: system.urls.gateway, ...options });
  const late = delay(patienceMs, undefined, { signal: tooLong.signal }).then(() => {
    throw new Error(`${method} ${path} hangs`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    tooLong.abort();
    late.catch(() => {});
  }
}

type Person = Awaited<ReturnType<typeof person>>;

async function person() {
  const user = await newUser(system.urls.gateway);
  const as = (method: string, path: string, body?: unknown) =>
    call(method, path, { token: user.token, body });
  return { ...user, call: as };
}
const asAdmin = (method: string, path: string, body?: unknown) =>
  call(method, path, { token: adminToken, body });
const login = ({ email, password }: { email: string; password: string }) =>
  call('POST', '/api/auth/login', { body: { email, password } });
const register = (body: object) => call('POST', '/api/auth/register', { body });
const forgot = (email: string) => call('POST', '/api/auth/forgot-password', { body: { email } });
const newPassword = 'new correct horse';
const reset = (token: string) =>
  call('PATCH', `/api/auth/reset-password/${token}`, { body: { password: newPassword } });
const ofEmails = (user: Person) => [
  call('POST', '/api/auth/resend-verification', { body: { email: user.email } }),
  call('POST', '/api/auth/verify-email', { body: { token: 'A'.repeat(43) } }),
  user.call('POST', '/api/auth/change-email', {
    currentPassword: user.password,
    newEmail: newAccount().email,
  }),
];
const changePassword = (user: Person, wanted = newPassword) =>
  user.call('PATCH', '/api/auth/update-password', {
    currentPassword: user.password,
    newPassword: wanted,
  });
const health = async () => {
  const { status, services } = (await call('GET', '/health')).body;
  return [status, services.auth.status, services.user.status, services.notes.status];
};
const untilWell = () => until(async () => (await health())[0] === 'ok');
const readiness = async (service: ServiceName) =>
  (await callAt('GET', '/health/ready', { baseUrl: system.urls[service] })).body;

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

async function whileAway(service: ServiceName, check: () => Promise<void>) {
  await system.stop(service, 'SIGKILL');
  try {
    await check();
  } finally {
    await system.start(service);
  }
}

async function whileHanging(way: Way, check: () => Promise<void>) {
  way.hang();
  try {
    await check();
  } finally {
    way.mend();
  }
}

async function whileCut(way: Way, check: () => Promise<void>) {
  way.cut();
  try {
    await check();
  } finally {
    way.mend();
  }
}

/** All that has nothing to do with notes. */
async function expectAllButNotes(user: Person) {
  const calls = [
    login(user),
    register(newAccount()),
    user.call('GET', '/api/users/me'),
    user.call('PATCH', '/api/users/update-me', { bio: 'still here' }),
    asAdmin('GET', '/api/users'),
  ];
  expect(await statusesOf(calls)).toEqual([200, 201, 200, 200, 200]);
}

/** What a user does with notes, each with the status that it has when all is well. */
async function notesOf(user: Person) {
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
    fine: [200, 201, 200, 200, 204],
  };
}

/** Whose mark the services still have to follow. */
const openDeliveries = async () =>
  (await asAdmin('GET', '/api/users/deliveries')).body.items.map(({ id }: { id: string }) => id) as string[];
const receiptOf = async ({ id }: { id: string }) => (await asAdmin('GET', `/api/users/deletions/${id}`)).body;

describe('while auth-service is away', () => {
  test('nobody gets in or changes a password, and who is in goes on', async () => {
    const user = await person();
    const notes = await notesOf(user);
    expect((await call('GET', '/openapi.json')).status).toBe(200);
    await whileAway('auth-service', async () => {
      await expectUnavailable([
        login(user),
        register(newAccount()),
        forgot(user.email),
        reset('A'.repeat(43)),
        ...ofEmails(user),
        changePassword(user),
        call('GET', '/.well-known/jwks.json'),
        asAdmin('GET', '/api/auth/deliveries'),
      ]);
      expect(await statusesOf(notes.calls())).toEqual(notes.fine);
      const others = [
        user.call('GET', '/api/users/me'),
        user.call('PATCH', '/api/users/update-me', { bio: 'still here' }),
        asAdmin('GET', '/api/users'),
        call('GET', '/openapi.json'),
      ];
      expect(await statusesOf(others)).toEqual([200, 200, 200, 200]);
      expect(await health()).toEqual(['degraded', 'down', 'ok', 'ok']);
    });
    expect((await login(user)).status).toBe(200);
    expect(await health()).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  test('who is switched off, promoted or destroyed is so here at once, and everywhere when it is back', async () => {
    const [off, promoted, destroyed] = [await person(), await person(), await person()];
    for (const user of [off, destroyed]) await user.call('POST', '/api/notes', { title: 'a note' });
    await whileAway('auth-service', async () => {
      expect((await off.call('DELETE', '/api/users/delete-me')).status).toBe(202);
      expect((await asAdmin('PATCH', `/api/users/${promoted.id}`, { role: 'admin' })).status).toBe(202);
      const { status, headers } = await asAdmin('DELETE', `/api/users/${destroyed.id}`);
      expect([status, headers['location']]).toEqual([202, `/api/users/deletions/${destroyed.id}`]);
      for (const user of [off, promoted, destroyed])
        expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ code: 'token_revoked' });
      expect((await destroyed.call('POST', '/api/notes', { title: 'late' })).body).toMatchObject({
        code: 'token_revoked',
      });
      // notes-service hears of who is switched off from auth-service.
      expect((await off.call('GET', '/api/notes')).status).toBe(200);
      expect(await openDeliveries()).toEqual(expect.arrayContaining([off.id, promoted.id, destroyed.id]));
    });
    await until(async () => (await openDeliveries()).length === 0);
    expect((await login(off)).body).toMatchObject({ code: 'account_deactivated' });
    expect((await login(promoted)).body.user).toMatchObject({ role: 'admin' });
    expect((await login(destroyed)).body).toMatchObject({ code: 'invalid_credentials' });
    expect(await receiptOf(destroyed)).toMatchObject({
      state: 'completed',
      removed: { profile: 1, credentials: 1, notes: 1 },
    });
    await until(async () => (await off.call('GET', '/api/notes')).status === 401);
    await asAdmin('PATCH', `/api/users/${promoted.id}`, { role: 'user' });
  });

  test('a service that starts meanwhile is not ready, and gets ready by itself', async () => {
    const user = await person();
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

describe('while it cannot be read who has been cut off', () => {
  test('admins are refused after 15 seconds, everyone after the life of a token, and all goes on by itself', async () => {
    const seconds = 20;
    const other = await startTestSystem(testServers(), { ACCESS_TOKEN_TTL_SECONDS: String(seconds) });
    try {
      const at = (token: string) => (path: string) =>
        call('GET', path, { token, baseUrl: other.urls.gateway });
      const ready = async (service: ServiceName) =>
        (await callAt('GET', '/health/ready', { baseUrl: other.urls[service] })).body;
      const { token } = await newUser(other.urls.gateway);
      const leaver = await newUser(other.urls.gateway);
      const [asUser, asTheAdmin] = [at(token), at(await logIn(other.admin, other.urls.gateway))];
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
      const { email, password } = leaver;
      const tryToLogIn = () =>
        call('POST', '/api/auth/login', { body: { email, password }, baseUrl: other.urls.gateway });
      await until(async () => (await tryToLogIn()).body.code === 'account_deactivated');
      const asAdminAgain = at(await logIn(other.admin, other.urls.gateway));
      expect(await statusesOf([asAdminAgain('/api/users'), asAdminAgain('/api/notes')])).toEqual([200, 200]);
    } finally {
      await other.close();
    }
  });
});

describe('while user-service is away', () => {
  test('registration leaves nothing behind, profiles are a 503, and login, passwords and notes go on', async () => {
    const user = await person();
    const notes = await notesOf(user);
    const account = newAccount();
    await whileAway('user-service', async () => {
      await expectUnavailable([
        register(account),
        user.call('GET', '/api/users/me'),
        user.call('PATCH', '/api/users/update-me', { bio: 'lost' }),
        user.call('DELETE', '/api/users/delete-me'),
        asAdmin('GET', '/api/users'),
        asAdmin('DELETE', `/api/users/${user.id}`),
      ]);
      expect((await login(account)).body).toMatchObject({ status: 401, code: 'invalid_credentials' });
      expect((await login(user)).status).toBe(200);
      expect(await statusesOf(notes.calls())).toEqual(notes.fine);
      expect(await health()).toEqual(['degraded', 'ok', 'down', 'ok']);

      const { email: newEmail } = newAccount();
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
      // The token is from before the reset.
      expect([status, body.code]).toEqual([401, 'token_revoked']);
    });
    expect((await register({ ...account, password: 'another password' })).status).toBe(201);
    // It has heard of the new password.
    expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ code: 'token_revoked' });
    await until(async () => (await asAdmin('GET', '/api/auth/deliveries')).body.items.length === 0);
    const token: string = (await login({ ...user, password: newPassword })).body.accessToken;
    expect((await call('GET', '/api/users/me', { token })).body).toMatchObject({
      bio: null,
      email: user.email,
      emailVerified: true,
    });
  });
});

describe('while notes-service is away', () => {
  test('notes are a 503, all else goes on, and the notes of who is destroyed go when it is back', async () => {
    const [user, destroyed] = [await person(), await person()];
    const notes = await notesOf(user);
    await destroyed.call('POST', '/api/notes', { title: 'goes later' });
    await whileAway('notes-service', async () => {
      await expectUnavailable(notes.calls());
      await expectAllButNotes(user);
      const { status, headers, body } = await asAdmin('DELETE', `/api/users/${destroyed.id}`);
      expect([status, headers['location'], body.state]).toEqual([
        202,
        `/api/users/deletions/${destroyed.id}`,
        'pending',
      ]);
      expect((await login(destroyed)).body).toMatchObject({ code: 'invalid_credentials' });
      expect(await health()).toEqual(['degraded', 'ok', 'ok', 'down']);
    });
    expect(await statusesOf(notes.calls())).toEqual(notes.fine);
    await until(async () => (await receiptOf(destroyed)).state === 'completed');
    expect(await receiptOf(destroyed)).toMatchObject({ removed: { profile: 1, credentials: 1, notes: 1 } });
  });
});

describe('while no service is there', () => {
  test('the gateway says so, and is itself all right', async () => {
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

describe('while MongoDB is away', () => {
  test('accounts are a 503, who is in goes on with notes, and all is there again by itself', async () => {
    const user = await person();
    const notes = await notesOf(user);
    await whileCut(ways.mongo, async () => {
      // Twice: what had a connection, and what finds no server.
      for (let time = 0; time < 2; time++) await expectUnavailable(ofAccounts(user));
      expect(await statusesOf(notes.calls())).toEqual(notes.fine);
      expect((await call('GET', '/.well-known/jwks.json')).status).toBe(200);
      expect(await health()).toEqual(['degraded', 'down', 'down', 'ok']);
    });
    await untilWell();
    expect((await login(user)).status).toBe(200);
    expect((await user.call('GET', '/api/users/me')).body).toMatchObject({ id: user.id, bio: null });
  });

  test('a server that hangs is a 504 at first, then a 503 at once', async () => {
    const [user, other] = [await person(), await person()];
    const notes = await notesOf(user);
    await whileHanging(ways.mongo, async () => {
      // Nobody knows whether such a call is carried out after all, so it is somebody else's.
      const first = await Promise.all(ofAccounts(other).map(outcome));
      expect(first).toEqual(first.map(() => silent));
      await expectUnavailable([login(user), user.call('GET', '/api/users/me')]);
      expect(await statusesOf(notes.calls())).toEqual(notes.fine);
    });
    await untilWell();
    for (const again of [() => login(user), () => user.call('GET', '/api/users/me')])
      await until(async () => (await again()).status === 200);
    expect((await asAdmin('GET', '/api/users')).status).toBe(200);
  });

  const ofAccounts = (user: Person) => [
    login(user),
    register(newAccount()),
    forgot(user.email),
    reset('A'.repeat(43)),
    ...ofEmails(user),
    changePassword(user),
    user.call('GET', '/api/users/me'),
    user.call('PATCH', '/api/users/update-me', { bio: 'lost' }),
    user.call('DELETE', '/api/users/delete-me'),
    asAdmin('GET', '/api/users'),
    asAdmin('DELETE', `/api/users/${user.id}`),
  ];
});

describe('while PostgreSQL is away', () => {
  test('notes are a 503, all else goes on, and they are there again by themselves', async () => {
    const [user, destroyed] = [await person(), await person()];
    const notes = await notesOf(user);
    await destroyed.call('POST', '/api/notes', { title: 'goes later' });
    await whileCut(ways.postgres, async () => {
      for (let time = 0; time < 2; time++) await expectUnavailable(notes.calls());
      await expectAllButNotes(user);
      expect((await asAdmin('DELETE', `/api/users/${destroyed.id}`)).status).toBe(202);
      expect(await health()).toEqual(['degraded', 'ok', 'ok', 'down']);
    });
    await untilWell();
    expect(await statusesOf(notes.calls())).toEqual(notes.fine);
    await until(async () => (await receiptOf(destroyed)).state === 'completed');
    expect(await receiptOf(destroyed)).toMatchObject({ removed: { notes: 1 } });
  });

  test('a server that hangs is a 503 as well, before the gateway gives up', async () => {
    const user = await person();
    const notes = await notesOf(user);
    await whileHanging(ways.postgres, async () => {
      await expectUnavailable(notes.calls());
      await expectAllButNotes(user);
    });
    await untilWell();
    expect(await statusesOf(notes.calls())).toEqual(notes.fine);
  });
});

describe('while the mail server is away', () => {
  test('a mail waits for it, and all else goes on', async () => {
    const user = await person();
    await whileCut(ways.mail, async () => {
      expect((await forgot(user.email)).status).toBe(202);
      await expectAllButNotes(user);
    });
    await waitForMails(user.email, 1);
  });

  test('for longer than 13 seconds, the mail is lost and the log says so; the next one comes', async () => {
    const user = await person();
    await whileCut(ways.mail, async () => {
      expect((await forgot(user.email)).status).toBe(202);
      await delay(13_500);
    });
    const log = await readFile(system.logFiles['auth-service']!, 'utf8');
    expect(log).toContain('a mail for a new password could not be sent');
    expect(await mailsTo(user.email)).toEqual([]);
    expect((await forgot(user.email)).status).toBe(202);
    await waitForMails(user.email, 1);
  });
});
