import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildAccount, tokenIn, until, waitForMails } from '@polyglot-notes/service-kit/testing';
import { createConnection, type mongo } from 'mongoose';
import request from 'supertest';
import { newEvent, system, type EventIntent } from '../src/credentials/event-intents.ts';
import { createEventsRepository, type EventFilter } from '../src/events/events.repository.ts';
import { runAdminCommand } from '../src/passwords/admin-command.ts';
import { deactivated, startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
let admin: User;
beforeAll(async () => {
  service = await startService({ LOGIN_LOCK_MAX: '3', REFRESH_GRACE_SECONDS: '0' });
  admin = await newUser();
  await service.putAccount(admin.id, { ...deactivated, role: 'admin', status: 'active' });
  admin.token = (await send('post', '/api/auth/login', { body: admin.credentials })).body.accessToken;
});
afterAll(() => service.close());

type User = Awaited<ReturnType<typeof newUser>>;

interface Sent {
  token?: string;
  body?: object;
  from?: string;
}

const address = '203.0.113.7';
const userAgent = 'TestBrowser/1.0';

const send = (
  method: 'get' | 'post' | 'patch' | 'delete',
  path: string,
  { token, body, from = address }: Sent = {},
) => {
  const call = request(service.server)[method](path).set('X-Forwarded-For', from);
  if (token !== undefined) call.set('Authorization', `Bearer ${token}`);
  return call.set('User-Agent', userAgent).send(body);
};

async function newUser() {
  const { email, password, username } = buildAccount();
  const { body } = await send('post', '/api/auth/register', { body: { email, password, username } });
  const { user, accessToken: token, refreshToken } = body;
  return {
    id: user.id as string,
    email,
    token: token as string,
    refreshToken,
    credentials: { email, password },
  };
}

type Event = Omit<EventIntent, 'at'> & { at: string };

const list = (query: string, token = admin.token) => send('get', `/api/auth/events?${query}`, { token });

async function eventsOf({ id }: { id: string }, query = ''): Promise<Event[]> {
  const { status, body } = await list(`userId=${id}&limit=100${query}`);
  expect([status, body.page?.nextCursor]).toEqual([200, null]);
  return body.items;
}

const typesOf = async (user: { id: string }) => (await eventsOf(user)).map(({ type }) => type);

async function mailedToken(email: string, subject: string): Promise<string> {
  const [mail] = await waitForMails(email, 1, subject);
  return tokenIn(mail!);
}

const wrong = 'wrong horse battery';
const logIn = ({ credentials }: User, password = credentials.password, from = address) =>
  send('post', '/api/auth/login', { body: { ...credentials, password }, from });
const applied = (user: User, state: object) => service.putAccount(user.id, { ...deactivated, ...state });
const accountEvent = (type: string, details = {}) => ({
  id: randomUUID(),
  type,
  at: '2026-11-24T09:30:00.000Z',
  actorId: admin.id,
  address: '198.51.100.1',
  userAgent: 'AdminBrowser/1.0',
  details,
});
const resetWith = async ({ email }: User) => {
  await send('post', '/api/auth/forgot-password', { body: { email } });
  const token = await mailedToken(email, 'Choose a new password');
  await send('patch', `/api/auth/reset-password/${token}`, { body: { password: 'new correct horse' } });
};
const command = (given: 'unlock' | 'reset-password', { email }: User) =>
  runAdminCommand({ command: given, email }, { ...service.context, links: { resetPassword: () => '' } });

const session = { sessionId: expect.any(String) };
const byNobody = { actorId: null };
const bySystem = { actorId: null, address: null, userAgent: null };
const byAdmin = { actorId: expect.any(String), address: '198.51.100.1', userAgent: 'AdminBrowser/1.0' };

const changeEmail = async ({ token, email, credentials: { password: currentPassword } }: User) => {
  const newEmail = `new.${email}`;
  await send('post', '/api/auth/change-email', { token, body: { currentPassword, newEmail } });
  const confirmation = await mailedToken(newEmail, 'Confirm your new email');
  await send('post', '/api/auth/verify-email', { body: { token: confirmation } });
};

const verifyEmail = async ({ token, email }: User) => {
  await send('post', '/api/auth/resend-verification', { body: { email } });
  const confirmation = await mailedToken(email, 'Confirm your email');
  await send('post', '/api/auth/verify-email', { token, body: { token: confirmation } });
};

const reuse = async ({ refreshToken }: User) => {
  await send('post', '/api/auth/refresh', { body: { refreshToken } });
  await send('post', '/api/auth/refresh', { body: { refreshToken } });
};

const endOther = async (user: User) => {
  await logIn(user);
  const { body } = await send('get', '/api/auth/sessions', { token: user.token });
  const other = body.items.find(({ current }: { current: boolean }) => !current);
  await send('delete', `/api/auth/sessions/${other.id}`, { token: user.token });
};

/** The latest event that each call leaves, where it is not by the user with the address and the agent of the call. */
const calls: [type: string, call: (user: User) => Promise<unknown>, expected?: object][] = [
  ['registered', async () => {}],
  ['logged_in', (user) => logIn(user), { details: session }],
  ['login_failed', (user) => logIn(user, wrong), { ...byNobody, details: { reason: 'invalid_credentials' } }],
  ['refresh_reused', reuse, { ...byNobody, details: session }],
  ['logged_out', ({ token }) => send('post', '/api/auth/logout', { token }), { details: session }],
  [
    'logged_out',
    ({ refreshToken }) => send('post', '/api/auth/logout', { body: { refreshToken } }),
    { details: session },
  ],
  ['session_ended', endOther, { details: session }],
  ['sessions_ended', ({ token }) => send('post', '/api/auth/logout-all', { token })],
  [
    'password_refused',
    ({ token }) =>
      send('patch', '/api/auth/update-password', {
        token,
        body: { currentPassword: wrong, newPassword: 'new correct horse' },
      }),
    { details: { reason: 'invalid_credentials' } },
  ],
  [
    'password_changed',
    ({ token, credentials: { password: currentPassword } }) =>
      send('patch', '/api/auth/update-password', {
        token,
        body: { currentPassword, newPassword: 'new correct horse' },
      }),
  ],
  ['password_reset', resetWith],
  ['password_reset_issued', (user) => command('reset-password', user), bySystem],
  ['login_unlocked', (user) => command('unlock', user), bySystem],
  ['email_verified', verifyEmail],
  [
    'email_changed',
    changeEmail,
    { details: { from: expect.any(String), to: expect.stringMatching(/^new\./) } },
  ],
  [
    'role_changed',
    (user) =>
      applied(user, {
        role: 'admin',
        status: 'active',
        events: [accountEvent('role_changed', { from: 'user', to: 'admin' })],
      }),
    { ...byAdmin, details: { from: 'user', to: 'admin' } },
  ],
  ['deactivated', (user) => applied(user, { events: [accountEvent('deactivated')] }), byAdmin],
  [
    'sessions_ended',
    (user) => applied(user, { status: 'active', events: [accountEvent('sessions_ended')] }),
    byAdmin,
  ],
  // From an older user-service, which sends no events.
  [
    'role_changed',
    (user) => applied(user, { role: 'admin', status: 'active' }),
    { ...bySystem, details: { from: 'user', to: 'admin' } },
  ],
  ['deactivated', (user) => applied(user, {}), bySystem],
  ['sessions_ended', (user) => applied(user, { status: 'active' }), bySystem],
];

describe('the audit trail', () => {
  test.each(calls)('has the event %s', async (type, call, expected = {}) => {
    const user = await newUser();
    await call(user);
    const events = await eventsOf(user);
    const event = events.find((one) => one.type === type);
    expect(event).toEqual({
      id: expect.any(String),
      type,
      at: expect.any(String),
      userId: user.id,
      actorId: user.id,
      address,
      userAgent,
      details: {},
      ...expected,
    });
    expect(events.filter((one) => one.type === type)).toHaveLength(1);
  });

  test('has one event of a change with several parts', async () => {
    const user = await newUser();
    await resetWith(user);
    expect((await typesOf(user)).toSorted()).toEqual(['email_verified', 'password_reset', 'registered']);
  });

  test('has refused logins and the lock that they begin, with the address of each', async () => {
    const user = await newUser();
    for (const host of [1, 2, 3, 4]) await logIn(user, wrong, `198.51.100.${host}`);
    await service.context.background.settled();
    const events = await eventsOf(user);
    const failed = events.filter(({ type }) => type === 'login_failed');
    expect(failed.map((event) => [event.address, event.details.reason])).toEqual([
      ['198.51.100.4', 'login_locked'],
      ['198.51.100.3', 'invalid_credentials'],
      ['198.51.100.2', 'invalid_credentials'],
      ['198.51.100.1', 'invalid_credentials'],
    ]);
    expect(events.filter(({ type }) => type === 'login_locked')).toMatchObject([
      { ...bySystem, details: { reason: 'email' } },
    ]);
  });

  test('has a count of refusals by reason, for Prometheus', async () => {
    const { credentials } = await newUser();
    const counted = async () => {
      const text = await service.context.metrics.text();
      return Number(
        /^password_refusals_total\{type="login_failed",reason="invalid_credentials"\} (\d+)$/m.exec(
          text,
        )?.[1],
      );
    };
    const before = await counted();
    await send('post', '/api/auth/login', { body: { ...credentials, password: 'a wrong one' } });
    expect(await counted()).toBe(before + 1);
  });

  test('has nothing about the caller of a login without an account, not even the email', async () => {
    const before = new Date();
    const email = buildAccount().email;
    await send('post', '/api/auth/login', { body: { email, password: wrong } });
    const { body } = await list(`type=login_failed&from=${before.toISOString()}`);
    expect(body.items.filter(({ userId }: Event) => userId === null)).toMatchObject([
      { ...bySystem, details: { reason: 'invalid_credentials' } },
    ]);
    expect(await storedTexts()).not.toContain(email);
  });

  test('has the deletion of an account without personal data, and loses that of the earlier events', async () => {
    const user = await newUser();
    await logIn(user, wrong, '192.0.2.99');
    await changeEmail(user);
    // Not moved to the trail yet.
    await logIn({ ...user, credentials: { ...user.credentials, email: `new.${user.email}` } });
    const before = await eventsOf(user);
    await service.eraseWith(user.id, [accountEvent('deleted')]);
    const after = await eventsOf(user);
    expect(after.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['deleted', ...before.map(({ type }) => type)]),
    );
    for (const event of after) expect(event).toMatchObject({ address: null, userAgent: null, details: {} });
    for (const { id, type, at } of before)
      expect(after).toContainEqual(expect.objectContaining({ id, type, at }));
    expect(after.find(({ type }) => type === 'deleted')?.actorId).toBe(admin.id);
    await service.mailsSettled();
    for (const text of [user.email, '192.0.2.99']) expect(await storedTexts()).not.toContain(text);
  });

  test('loses where an erased admin was from the events of others, and keeps the rest', async () => {
    const [other, former] = [await newUser(), await newUser()];
    const details = { from: 'user', to: 'admin' };
    const event = { ...accountEvent('role_changed', details), actorId: former.id, address: '192.0.2.44' };
    await applied(other, { role: 'admin', status: 'active', events: [event] });
    await service.erase(former.id);
    const late = { ...event, id: randomUUID(), type: 'deactivated', details: {} };
    await applied(other, { role: 'admin', accountVersion: 3, events: [event, late] });
    const events = await eventsOf(other);
    expect(events.filter(({ actorId }) => actorId === former.id)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'role_changed', address: null, userAgent: null, details }),
        expect.objectContaining({ type: 'deactivated', address: null, userAgent: null }),
      ]),
    );
    expect(await storedTexts()).not.toContain('192.0.2.44');
  });
});

/** Everything in the database. */
async function storedTexts(): Promise<string> {
  const collections = await service.context.db.db!.listCollections().toArray();
  const found = await Promise.all(
    collections.map(({ name }) => service.context.db.collection(name).find().toArray()),
  );
  return JSON.stringify(found);
}

describe('an event of a change', () => {
  const pending = async () => {
    const names = ['credentials', 'sessions', 'erasures'];
    const counts = names.map((name) =>
      service.context.db.collection(name).countDocuments({ 'events.0': { $exists: true } }),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };

  test('is in the trail once when a worker died after it had added the event', async () => {
    const user = await newUser();
    const event = newEvent('logged_in', user.id, system, new Date());
    await service.context.events.insert(event);
    await service.context.db
      .collection<{ _id: string; events: EventIntent[] }>('credentials')
      .updateOne({ _id: user.id }, { $push: { events: event } });
    await Promise.all([service.context.moveEvents(), service.context.moveEvents()]);
    expect((await typesOf(user)).toSorted()).toEqual(['logged_in', 'registered']);
    expect(await pending()).toBe(0);
  });

  test('is moved to the trail by a worker, also when nobody reads the trail', async () => {
    const user = await newUser();
    await until(async () => (await service.context.events.count(of(user))) === 1);
    await until(async () => (await pending()) === 0);
    expect(await typesOf(user)).toEqual(['registered']);
  });

  test('stays when the session that has it ends with all others', async () => {
    const user = await newUser();
    const { accessToken: token } = (await logIn(user)).body;
    await send('post', '/api/auth/logout-all', { token });
    expect(await typesOf(user)).toEqual(['sessions_ended', 'logged_in', 'registered']);
  });

  test('that an erased account gets at the last moment is in the trail without personal data', async () => {
    const user = await newUser();
    await service.erase(user.id);
    const late = { ...newEvent('logged_in', user.id, system, new Date()), address: '192.0.2.55' };
    await service.context.db
      .collection<{ _id: string; events: EventIntent[] }>('credentials')
      .insertOne({ _id: `late-${user.id}`, events: [late] });
    expect(await eventsOf(user)).toContainEqual(expect.objectContaining({ id: late.id, address: null }));
    await service.context.db.collection<{ _id: string }>('credentials').deleteOne({ _id: `late-${user.id}` });
  });
});

const of = ({ id }: { id: string }): EventFilter => ({
  userId: id,
  type: undefined,
  from: undefined,
  to: undefined,
});

describe('the list of events', () => {
  test('is that of the own account for a user, who may not see that of another', async () => {
    const [user, other] = [await newUser(), await newUser()];
    const own = await list('', user.token);
    expect(own.body.items.map(({ userId, type }: Event) => [userId, type])).toEqual([
      [user.id, 'registered'],
    ]);
    expect((await list(`userId=${user.id}`, user.token)).body).toEqual(own.body);
    expect((await list(`userId=${other.id}`, user.token)).body).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    expect((await send('get', '/api/auth/events')).status).toBe(401);
  });

  test('does not show users where an admin was', async () => {
    const user = await newUser();
    const { id: userId, token } = user;
    const { body } = await list('', token);
    await service.context.events.insert({
      ...newEvent(
        'reactivated',
        userId,
        { actorId: admin.id, address: '198.51.100.1', userAgent },
        new Date(),
      ),
    });
    expect((await list('type=reactivated', token)).body.items).toMatchObject([
      { actorId: admin.id, address: null, userAgent: null },
    ]);
    expect(body.items).toMatchObject([{ address, userAgent }]);
  });

  test('has filters by type and by time for admins, over all accounts', async () => {
    const [first, second] = [await newUser(), await newUser()];
    await logIn(first, wrong);
    await logIn(second, wrong);
    const { at } = (await eventsOf(second, '&type=login_failed'))[0]!;
    const ids = async (query: string) =>
      (await list(`type=login_failed&limit=100&${query}`)).body.items.map(({ userId }: Event) => userId);
    expect(await ids(`from=${at}`)).toEqual([second.id]);
    expect(await ids(`to=${at}`)).toEqual(expect.arrayContaining([first.id]));
    expect(await ids(`to=${at}`)).not.toContain(second.id);
    expect(await ids(`userId=${first.id}`)).toEqual([first.id]);
    expect(await ids('from=2026-01-01&to=2026-01-02')).toEqual([]);
    expect((await list('')).body.items[0]).toMatchObject({ userId: second.id });
  });

  test.each(['type=unknown', 'userId=1', 'from=yesterday', 'limit=0'])('refuses %s', async (query) => {
    expect((await list(query)).body).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  test('has each event once on its pages, also with the same time', async () => {
    const user = { id: randomUUID() };
    const at = new Date();
    const events = Array.from({ length: 7 }, () => newEvent('logged_in', user.id, system, at));
    for (const event of events) await service.context.events.insert(event);
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await list(`userId=${user.id}&limit=2&total=true${cursor && `&cursor=${cursor}`}`);
      expect(body.page.total).toBe(7);
      found.push(...body.items.map(({ id }: Event) => id));
      if (body.page.nextCursor === null) break;
      cursor = body.page.nextCursor;
      const others = await list(`userId=${user.id}&type=deleted&limit=2&cursor=${cursor}`);
      expect(others.body).toMatchObject({ code: 'invalid_cursor' });
    }
    expect(found).toEqual(
      events
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    expect((await list(`userId=${user.id}&limit=3&page=3`)).body.items).toHaveLength(1);
  });

  test('has no events that are older than AUDIT_DAYS, whatever that was before, and in the end they are removed', async () => {
    const user = { id: randomUUID() };
    const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1_000);
    for (const age of [1, 50, 400])
      await service.context.events.insert(newEvent('logged_in', user.id, system, days(age)));
    expect(await eventsOf(user)).toHaveLength(2);
    const instance = await service.startInstance({ AUDIT_DAYS: '30' });
    const stored = service.context.db.collection('events');
    await until(async () => (await stored.countDocuments({ userId: user.id })) === 1);
    await instance.close();
  });
});

describe('each list of events', () => {
  const limit = 21;
  const types = ['logged_in', 'login_failed', 'logged_out', 'password_changed'] as const;
  const userId = randomUUID();
  const start = Date.now();
  let db: Awaited<ReturnType<ReturnType<typeof createConnection>['asPromise']>>;

  beforeAll(async () => {
    const { MONGODB_URL = '', MONGODB_DATABASE: dbName } = service.environment;
    db = await createConnection(MONGODB_URL, { dbName, monitorCommands: true }).asPromise();
    await db.collection<{ _id: string }>('events').insertMany(
      Array.from({ length: 2_000 }, (_, index) => {
        const owner = index % 2 === 0 ? userId : randomUUID();
        const type = types[Math.floor(index / 2) % 4]!;
        const { id: _id, ...event } = newEvent(type, owner, system, new Date(start - index * 1_000));
        return { _id, ...event };
      }),
    );
  });
  afterAll(() => db.close());

  const filters: Partial<EventFilter>[] = [
    {},
    { userId },
    { type: 'password_changed' },
    { userId, type: 'logged_in' },
    { userId, from: new Date(start - 600_000), to: new Date(start - 300_000) },
    { type: 'logged_in', from: new Date(start - 600_000), to: new Date(start - 300_000) },
  ];
  const after = { at: new Date(start - 400_000), id: randomUUID() };
  const windows = filters.flatMap((filter) => [
    { filter, after: undefined },
    { filter, after },
  ]);

  test.each(windows)(
    'reads a few times its page at most: $filter after $after.at',
    async ({ filter, after: position }) => {
      const repository = createEventsRepository(db, { clock: () => new Date(start), auditDays: 365 });
      const commands: mongo.Document[] = [];
      const keep = ({ command: one }: mongo.CommandStartedEvent) => commands.push(one);
      const client = db.getClient().on('commandStarted', keep);
      const all = { ...of({ id: '' }), userId: undefined, ...filter };
      const page = await repository.page(all, { after: position, offset: 0, limit });
      client.off('commandStarted', keep);
      expect(page).toHaveLength(limit);
      const examined = await Promise.all(
        commands.map(async ({ find, filter: sent, sort, limit: most, hint }) => {
          const explain = { find, filter: sent, sort, limit: most, hint };
          const { executionStats } = await db.db!.command({ explain, verbosity: 'executionStats' });
          return Number(executionStats.totalDocsExamined);
        }),
      );
      expect(examined.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(9 * limit);
    },
  );
});
