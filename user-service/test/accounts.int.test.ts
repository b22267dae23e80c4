import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { dropsConnection, answers500, neverAnswers } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { parseAdminArguments, runAdminCommand } from '../src/accounts/admin-command.ts';
import { system } from '../src/profiles/account-events.ts';
import { startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
let admin: Awaited<ReturnType<typeof service.newAdmin>>;
beforeAll(async () => {
  service = await startService();
  admin = await service.newAdmin();
});
afterAll(() => service.close());
afterEach(() => service.authService.recover());

const revoked = { status: 401, code: 'token_revoked' };

describe('every admin route', () => {
  const calls = (as: ReturnType<typeof service.as>) => {
    const id = randomUUID();
    return [
      as.list(),
      as.list({ limit: 'x' }),
      as.get(id),
      as.patch(id, { nonsense: 1 }),
      as.remove(id),
      as.endSessions(id),
      as.deletion(id),
      as.deliveries(),
      as.release(id),
    ];
  };

  test('is forbidden to a user, before any other check', async () => {
    const user = await service.newUser();
    for (const answer of await Promise.all(calls(user)))
      expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' });
  });

  test('refuses a token with the role admin for an account that is not one', async () => {
    const user = await service.newUser();
    for (const answer of await Promise.all(calls(service.as(user.id, 'admin'))))
      expect(answer.body).toMatchObject(revoked);
  });
});

describe('an account', () => {
  test('can be read by an admin', async () => {
    const user = await service.newUser();
    expect((await admin.get(user.id)).body).toEqual((await user.me()).body);
  });

  test.each([
    ['a malformed id', '42'],
    ['an unknown id', randomUUID()],
  ])('is not found by %s', async (_what, id) => {
    for (const call of [
      admin.get(id),
      admin.patch(id, { bio: 'x' }),
      admin.remove(id),
      admin.endSessions(id),
    ])
      expect((await call).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  test.each([
    ['an unknown role', { role: 'owner' }, 'body.role'],
    ['a status of the system', { status: 'deleting' }, 'body.status'],
    ['no role', { role: null }, 'body.role'],
    ['an email', { email: 'other@example.com' }, 'body.email'],
    ['a password', { password: 'new password' }, 'body.password'],
    ['a short username', { username: 'ab' }, 'body.username'],
    ['an operator', { status: { $ne: 'active' } }, 'body.status'],
  ])('is not changed to %s', async (_what, body, path) => {
    const user = await service.newUser();
    expect((await admin.patch(user.id, body)).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ path }],
    });
  });

  test('keeps role and status when the username is taken', async () => {
    const [user, other] = [await service.newUser(), await service.newUser()];
    const answer = await admin.patch(user.id, { username: other.username, role: 'admin' });
    expect(answer.body).toMatchObject({ status: 409, code: 'username_taken' });
    expect((await user.me()).body).toMatchObject({ username: user.username, role: 'user' });
  });

  test('can have its profile changed while auth-service is unavailable', async () => {
    service.authService.faults.before = dropsConnection;
    const user = await service.newUser();
    const changes = { username: `${user.username}-2`, bio: 'as the admin says', avatar: null };
    expect((await admin.patch(user.id, changes)).body).toMatchObject(changes);
  });

  test('stays as it is when nothing differs', async () => {
    const user = await service.newUser();
    const { body: before } = await user.me();
    expect((await admin.patch(user.id, { role: 'user', status: 'active', bio: null })).body).toEqual(before);
    expect((await admin.patch(user.id, {})).body).toEqual(before);
    expect(service.authService.account(user.id)).toBeUndefined();
    expect((await admin.get(user.id.toUpperCase())).body).toEqual(before);
  });
});

describe('a role', () => {
  test('is delivered to auth-service, and tokens with the old role are revoked permanently', async () => {
    const user = await service.newUser();
    expect((await admin.patch(user.id, { role: 'admin' })).body).toMatchObject({
      id: user.id,
      role: 'admin',
    });
    expect(service.authService.account(user.id)).toMatchObject({
      role: 'admin',
      status: 'active',
      accessRevocations: 1,
      sessionRevocations: 0,
    });
    expect((await user.me()).body).toMatchObject(revoked);
    const promoted = await service.logIn(user.id);
    expect((await promoted.list()).status).toBe(200);
    expect((await promoted.patch(user.id, { role: 'user' })).status).toBe(200);
    expect((await promoted.list()).body).toMatchObject(revoked);
    expect((await user.me()).body).toMatchObject(revoked);
    expect((await (await service.logIn(user.id)).me()).status).toBe(200);
  });

  test('of an incomplete registration is delivered when it is complete', async () => {
    const user = await service.newUser();
    service.authService.beginRegistration(user.id);
    expect((await admin.patch(user.id, { role: 'admin' })).status).toBe(202);
    expect(await service.context.activeAdmins.has(user.id)).toBe(false);
    expect((await admin.deliveries()).body.items).toMatchObject([
      { id: user.id, fault: 'the registration is not complete' },
    ]);
    service.authService.completeRegistration(user.id);
    await service.allDelivered();
    expect(service.authService.account(user.id)).toMatchObject({ role: 'admin' });
    expect(await service.context.activeAdmins.has(user.id)).toBe(true);
    await admin.patch(user.id, { role: 'user' });
  });
});

describe('deactivating an account', () => {
  test('revokes its tokens, which a reactivation does not restore', async () => {
    const user = await service.newUser();
    expect((await admin.patch(user.id, { status: 'deactivated' })).body).toMatchObject({
      status: 'deactivated',
    });
    expect(service.authService.account(user.id)).toMatchObject({
      status: 'deactivated',
      accessRevocations: 1,
      sessionRevocations: 1,
    });
    expect((await user.me()).body).toMatchObject(revoked);
    expect((await admin.patch(user.id, { status: 'active' })).body).toMatchObject({ status: 'active' });
    expect(service.authService.account(user.id)).toMatchObject({ status: 'active', accessRevocations: 1 });
    expect((await user.me()).body).toMatchObject(revoked);
    expect((await (await service.logIn(user.id)).me()).status).toBe(200);
  });

  test('works for the own account of a user', async () => {
    const user = await service.newUser();
    const answer = await user.deleteMe();
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await user.me()).body).toMatchObject(revoked);
    expect((await user.deleteMe()).body).toMatchObject(revoked);
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'deactivated' });
  });
});

describe('ending the sessions of a user', () => {
  test('revokes all tokens and changes nothing that can be seen', async () => {
    const user = await service.newUser();
    const { body: before } = await user.me();
    const answer = await admin.endSessions(user.id);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await user.me()).body).toMatchObject(revoked);
    expect((await admin.get(user.id)).body).toEqual(before);
    expect(service.authService.account(user.id)).toEqual({
      accountVersion: 2,
      role: 'user',
      status: 'active',
      accessRevocations: 1,
      sessionRevocations: 1,
    });
    expect((await (await service.logIn(user.id)).me()).status).toBe(200);
  });

  test('ends those that were begun since, when it is repeated', async () => {
    const user = await service.newUser();
    expect((await admin.endSessions(user.id)).status).toBe(204);
    const again = await service.logIn(user.id);
    expect((await admin.endSessions(user.id.toUpperCase())).status).toBe(204);
    expect((await again.me()).body).toMatchObject(revoked);
    expect(service.authService.account(user.id)).toMatchObject({ accountVersion: 3, sessionRevocations: 2 });
  });

  test('works for the own account of an admin, who stays an active admin', async () => {
    const other = await service.newAdmin(admin);
    expect((await other.endSessions(other.id)).status).toBe(204);
    expect((await other.me()).body).toMatchObject(revoked);
    expect((await other.endSessions(other.id)).body).toMatchObject(revoked);
    expect(await service.context.activeAdmins.has(other.id)).toBe(true);
    expect((await (await service.logIn(other.id)).get(other.id)).body).toMatchObject({ role: 'admin' });
    await admin.patch(other.id, { role: 'user' });
  });

  test('works for a deactivated account, which stays deactivated', async () => {
    const user = await service.newUser();
    await user.deleteMe();
    expect((await admin.endSessions(user.id)).status).toBe(204);
    expect(service.authService.account(user.id)).toMatchObject({
      status: 'deactivated',
      accessRevocations: 2,
      sessionRevocations: 2,
    });
  });

  test('counts each of many requests at once', async () => {
    const user = await service.newUser();
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin.endSessions(user.id)));
    // On a busy machine, auth-service may confirm some of them after the answer.
    for (const { status } of answers) expect([202, 204]).toContain(status);
    await service.allDelivered();
    const counts = { accountVersion: 21, accessRevocations: 20, sessionRevocations: 20 };
    expect(service.authService.account(user.id)).toMatchObject(counts);
    expect(await service.context.profiles.find(user.id)).toMatchObject({ ...counts, accessVersion: 21 });
    expect((await admin.deliveries()).body.items).toEqual([]);
  });

  test('and changing the role at the same moment both take effect', async () => {
    const user = await service.newUser();
    const answers = await Promise.all([
      admin.endSessions(user.id),
      admin.patch(user.id, { role: 'admin' }),
      admin.endSessions(user.id),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([204, 200, 204]);
    expect(service.authService.account(user.id)).toEqual({
      accountVersion: 4,
      role: 'admin',
      status: 'active',
      accessRevocations: 3,
      sessionRevocations: 2,
    });
    await admin.patch(user.id, { role: 'user' });
  });

  test('is a 404 for an account that is being deleted, or that auth-service does not have', async () => {
    const [deleted, unknown] = [await service.newUser(), await service.newUser()];
    service.authService.faults.before = dropsConnection;
    expect((await admin.remove(deleted.id)).status).toBe(202);
    const deliveryBefore = (await service.context.profiles.find(deleted.id))?.delivery?.id;
    expect((await admin.endSessions(deleted.id)).status).toBe(404);
    expect((await service.context.profiles.find(deleted.id))?.delivery?.id).toBe(deliveryBefore);
    service.authService.recover();
    await admin.remove(deleted.id);
    service.authService.forget(unknown.id);
    for (const { id } of [deleted, unknown]) expect((await admin.endSessions(id)).status).toBe(404);
  });
});

/** Fails the first calls. */
const failing = (times: number): typeof answers500 => {
  let left = times;
  return (req, res) => {
    left--;
    if (left === 0) service.authService.recover();
    answers500(req, res);
  };
};

describe('a change that auth-service does not confirm, because it', () => {
  test.each([
    ['cannot be connected to', () => ({ before: dropsConnection })],
    ['never answers', () => ({ before: neverAnswers })],
    ['answers 500', () => ({ before: answers500 })],
    ['applies it and the answer is lost', () => ({ after: dropsConnection })],
  ])('%s, is a 202 that revokes here at once, and there when it is available', async (_what, faults) => {
    const [user, other, third] = [await service.newUser(), await service.newUser(), await service.newUser()];
    Object.assign(service.authService.faults, faults());
    expect((await user.deleteMe()).status).toBe(202);
    const changed = await admin.patch(other.id, { status: 'deactivated', bio: 'gone' });
    expect([changed.status, changed.body]).toMatchObject([202, { status: 'deactivated', bio: 'gone' }]);
    const ended = await admin.endSessions(third.id);
    expect([ended.status, ended.text]).toEqual([202, '']);
    for (const one of [user, other, third]) expect((await one.me()).body).toMatchObject(revoked);
    const { items } = (await admin.deliveries()).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual([user.id, other.id, third.id]);
    expect(items[0]).toMatchObject({
      isParked: false,
      fault: expect.stringMatching(/^auth-service did not/),
    });

    service.authService.recover();
    await service.allDelivered();
    for (const { id } of [user, other])
      expect(service.authService.account(id)).toMatchObject({ status: 'deactivated', accessRevocations: 1 });
    expect(service.authService.account(third.id)).toMatchObject({
      status: 'active',
      accessRevocations: 1,
      sessionRevocations: 1,
    });
  });

  test('fails twice and then works, is confirmed by the relay', async () => {
    const user = await service.newUser();
    service.authService.faults.before = failing(2);
    expect((await user.deleteMe()).status).toBe(202);
    await service.allDelivered();
    expect(service.authService.account(user.id)).toMatchObject({ status: 'deactivated', accountVersion: 2 });
  });

  test('fails once, is confirmed before the answer', async () => {
    const user = await service.newUser();
    service.authService.faults.before = failing(1);
    expect((await user.deleteMe()).status).toBe(204);
  });

  test('is requested again, is confirmed by the repeat', async () => {
    const user = await service.newUser();
    service.authService.faults.before = dropsConnection;
    expect((await admin.patch(user.id, { status: 'deactivated' })).status).toBe(202);
    expect((await admin.patch(user.id, { status: 'deactivated', bio: 'b' })).status).toBe(202);
    service.authService.recover();
    const again = await admin.patch(user.id, { status: 'deactivated' });
    expect([again.status, again.body]).toMatchObject([200, { status: 'deactivated', bio: 'b' }]);
    expect(service.authService.account(user.id)).toMatchObject({
      status: 'deactivated',
      accessRevocations: 1,
    });
  });

  test('was never sent because the process died, is delivered by the relay', async () => {
    const user = await service.newUser();
    const { accounts, profiles } = service.context;
    const read = await profiles.find(user.id);
    await accounts.change(read!, { status: 'deactivated' }, system);
    expect(service.authService.account(user.id)).toBeUndefined();
    await service.allDelivered();
    expect(service.authService.account(user.id)).toMatchObject({
      status: 'deactivated',
      accessRevocations: 1,
    });
  });
});

describe('several changes while auth-service is unavailable', () => {
  test('of the status arrive as one, with the revocation between them', async () => {
    const user = await service.newUser();
    service.authService.faults.before = dropsConnection;
    for (const status of ['deactivated', 'active'])
      expect((await admin.patch(user.id, { status })).status).toBe(202);
    service.authService.recover();
    await service.allDelivered();
    expect(service.authService.account(user.id)).toEqual({
      accountVersion: 3,
      role: 'user',
      status: 'active',
      accessRevocations: 1,
      sessionRevocations: 1,
    });
    expect((await user.me()).body).toMatchObject(revoked);
  });

  test('arrive with the event and the author of each, and those of an erased admin without an address', async () => {
    const [user, former] = [await service.newUser(), await service.newAdmin(admin)];
    service.authService.faults.before = dropsConnection;
    await former.patch(user.id, { role: 'admin' });
    await admin.endSessions(user.id);
    await service.context.accounts.forgetAuthor(former.id);
    service.authService.recover();
    await service.allDelivered();
    expect(service.authService.events(user.id)).toMatchObject([
      {
        type: 'role_changed',
        actorId: former.id,
        address: null,
        userAgent: null,
        details: { from: 'user', to: 'admin' },
      },
      { type: 'sessions_ended', actorId: admin.id, address: '127.0.0.1', details: {} },
    ]);
    expect((await service.context.profiles.find(user.id))?.events).toEqual([]);
    for (const { id } of [user, former]) await admin.patch(id, { role: 'user' });
    expect(service.authService.events(user.id)).toMatchObject([{ type: 'role_changed' }]);
    await admin.remove(user.id);
    expect(service.authService.events(user.id)).toMatchObject([{ type: 'deleted', actorId: admin.id }]);
  });

  test('of the role arrive as one, with two revocations', async () => {
    const user = await service.newUser();
    service.authService.faults.before = dropsConnection;
    for (const role of ['admin', 'user']) expect((await admin.patch(user.id, { role })).status).toBe(202);
    service.authService.recover();
    await service.allDelivered();
    expect(service.authService.account(user.id)).toEqual({
      accountVersion: 3,
      role: 'user',
      status: 'active',
      accessRevocations: 2,
      sessionRevocations: 0,
    });
    expect(await service.context.activeAdmins.has(user.id)).toBe(false);
  });

  test('are not confirmed by a late answer to an earlier one', async () => {
    const user = await service.newUser();
    let second: Promise<request.Response> | undefined;
    // The first delivery is answered after the second change, whose delivery fails.
    service.authService.faults.after = (_req, res) => {
      service.authService.faults.after = undefined;
      service.authService.faults.before = dropsConnection;
      second = admin.patch(user.id, { status: 'active' }).then((answer) => {
        const decided = { role: 'user', status: 'deactivated', accessRevocations: 1, sessionRevocations: 1 };
        const body = { state: 'present', accountVersion: 2, accessVersion: 2, ...decided };
        res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
        return answer;
      });
    };
    const first = await admin.patch(user.id, { status: 'deactivated' });
    expect([first.status, (await second)?.status]).toEqual([200, 202]);
    expect((await admin.deliveries()).body.items).toMatchObject([{ id: user.id }]);
    service.authService.recover();
    await service.allDelivered();
    expect(service.authService.account(user.id)).toMatchObject({ accountVersion: 3, status: 'active' });
  });
});

describe('an account of which auth-service stores a later or different state, as after a restored backup', () => {
  test.each([5, 2])('is parked and changes nothing there (version %i)', async (accountVersion) => {
    const user = await service.newUser();
    const stored = {
      accountVersion,
      role: 'user',
      status: 'active',
      accessRevocations: 3,
      sessionRevocations: 2,
    };
    service.authService.store(user.id, stored);
    expect((await admin.patch(user.id, { status: 'deactivated' })).status).toBe(202);
    expect((await user.me()).body).toMatchObject(revoked);
    const { items } = (await admin.deliveries({ parked: 'true' })).body;
    expect(items).toContainEqual(
      expect.objectContaining({
        id: user.id,
        fault: 'auth-service stores a different or later account state',
      }),
    );
    expect(service.authService.account(user.id)).toEqual(stored);
    await admin.remove(user.id);
  });
});

describe('a token from before a revocation', () => {
  test('stays revoked while auth-service is unavailable, although the account is reactivated', async () => {
    const user = await service.newUser();
    service.authService.faults.before = dropsConnection;
    for (const status of ['deactivated', 'active']) await admin.patch(user.id, { status });
    expect((await user.me()).body).toMatchObject(revoked);
    service.authService.recover();
    await service.allDelivered();
    expect((await (await service.logIn(user.id)).me()).status).toBe(200);
  });
});

describe('a delivery that auth-service refuses permanently', () => {
  const refuses: typeof answers500 = (_req, res) =>
    res.writeHead(400, { 'Content-Type': 'application/json' }).end('{"code":"validation_failed"}');

  test('is parked, and repeated when an admin releases it', async () => {
    const user = await service.newUser();
    service.authService.faults.before = refuses;
    expect((await admin.patch(user.id, { status: 'deactivated' })).status).toBe(202);
    const parked = (await admin.deliveries({ parked: 'true', total: 'true' })).body;
    expect(parked).toEqual({
      items: [
        {
          id: user.id,
          since: expect.stringMatching(/Z$/),
          attempts: 1,
          dueAt: null,
          isParked: true,
          fault: 'auth-service answered 400 validation_failed',
        },
      ],
      page: { limit: 20, nextCursor: null, total: 1 },
    });
    expect((await admin.deliveries({ parked: 'false' })).body.items).toEqual([]);

    const attempts = service.authService.attempts();
    // Ten times as long as between two reads of the relay.
    await delay(500);
    expect(service.authService.attempts()).toBe(attempts);

    service.authService.recover();
    expect((await admin.release(user.id)).status).toBe(204);
    await service.allDelivered();
    expect(service.authService.account(user.id)).toMatchObject({ status: 'deactivated' });
    expect((await admin.release(user.id)).status).toBe(204);
    expect((await admin.release(randomUUID())).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('is replaced by the next change of the account', async () => {
    const user = await service.newUser();
    service.authService.faults.before = refuses;
    await admin.patch(user.id, { status: 'deactivated' });
    service.authService.recover();
    expect((await admin.patch(user.id, { status: 'active' })).status).toBe(200);
    expect((await admin.deliveries()).body.items).toEqual([]);
  });

  test('is listed page by page, the oldest first', async () => {
    const users = [];
    for (let i = 0; i < 3; i++) users.push(await service.newUser());
    service.authService.faults.before = refuses;
    for (const { id } of users) await admin.patch(id, { role: 'admin' });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await admin.deliveries({ parked: 'true', limit: 1, ...(cursor && { cursor }) });
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(users.map(({ id }) => id));
    service.authService.recover();
    for (const { id } of users) await admin.patch(id, { role: 'user' });
  });

  test('is for admins only', async () => {
    const user = await service.newUser();
    for (const call of [user.deliveries(), user.release(user.id)])
      expect((await call).body).toMatchObject({ status: 403, code: 'forbidden' });
  });
});

describe('two instances on the same data', () => {
  test('deliver everything', async () => {
    const other = await service.anotherInstance();
    service.authService.faults.before = dropsConnection;
    const users = await Promise.all(Array.from({ length: 60 }, () => service.newUser()));
    await Promise.all(users.map((user) => user.deleteMe()));
    service.authService.recover();
    await service.allDelivered();
    for (const { id } of users) {
      expect(service.authService.account(id)).toMatchObject({
        status: 'deactivated',
        accountVersion: 2,
        accessRevocations: 1,
      });
    }
    await other.close();
  });
});

describe('the first admin', () => {
  test('is appointed once', async () => {
    expect((await service.appoint(admin.id)).data).toMatchObject({ state: 'appointed' });
    const user = await service.newUser();
    expect((await service.appoint(user.id)).data).toEqual({ state: 'not_needed' });
    expect((await user.me()).body).toMatchObject({ role: 'user' });
  });

  test('is appointed only by auth-service', async () => {
    const call = request(service.server).put('/internal/first-admin').send({ id: admin.id });
    expect((await call).status).toBe(401);
  });
});

describe('the list of accounts', () => {
  const usernames = ({ body }: request.Response) =>
    body.items.map(({ username }: { username: string }) => username);
  const mark = randomUUID().slice(0, 8);
  const names = ['Delta', 'alpha', 'Charlie', 'bravo'].map((name) => `${name}-${mark}`);
  beforeAll(async () => {
    for (const [index, username] of names.entries())
      await service.newUser({ username, email: `${4 - index}.${mark}@example.com` });
    const { body } = await admin.list({ search: `alpha-${mark}` });
    await admin.patch(body.items[0].id, { role: 'admin', status: 'deactivated' });
  });

  test.each([
    ['-createdAt', [3, 2, 1, 0]],
    ['createdAt', [0, 1, 2, 3]],
    ['username', [1, 3, 2, 0]],
    ['email', [3, 2, 1, 0]],
  ])('is sorted by %s, also page by page', async (sort, expected) => {
    const all = expected.map((index) => names[index]);
    expect(usernames(await admin.list({ search: mark, sort }))).toEqual(all);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const answer: request.Response = await admin.list({
        search: mark,
        sort,
        limit: 1,
        ...(cursor && { cursor }),
      });
      seen.push(...usernames(answer));
      cursor = answer.body.page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(all);
    expect(usernames(await admin.list({ search: mark, sort, limit: 3, page: 2 }))).toEqual(all.slice(3));
  });

  test('finds a part of the email or the username in any case, together with filters', async () => {
    expect(usernames(await admin.list({ search: `LTA-${mark}` }))).toEqual([names[0]]);
    expect(usernames(await admin.list({ search: `3.${mark}@EXAMPLE` }))).toEqual([names[1]]);
    expect(usernames(await admin.list({ search: mark, role: 'admin' }))).toEqual([names[1]]);
    expect(usernames(await admin.list({ search: mark, status: 'deactivated' }))).toEqual([names[1]]);
    expect(usernames(await admin.list({ search: mark, status: 'deactivated', role: 'user' }))).toEqual([]);
  });

  test('counts on request', async () => {
    const { body } = await admin.list({ search: mark, limit: 2, total: 'true' });
    expect(body.page).toEqual({ limit: 2, nextCursor: expect.any(String), total: 4 });
    expect((await admin.list({ search: mark, page: 9 })).body).toEqual({
      items: [],
      page: { limit: 20, nextCursor: null, total: 4 },
    });
  });

  test.each([
    '.*',
    '.',
    '[a-z]+',
    '(a+)+$',
    '$ne',
    '\\',
    '\\d',
    '^',
    'a|b',
    '{"$gt":""}',
    '((((((((((',
    '*',
    '?',
    '\ud800x',
    '\0',
    "'; drop--",
    '\u202e',
    '😀',
    '%',
    '(?i)',
    'a'.repeat(5_000),
    '(a|a?)+'.repeat(300),
  ])('searches for %j as a text, not as a pattern', async (search) => {
    const answer = await admin.list({ search, limit: 100 });
    expect(answer.status).toBe(200);
    const plain = search.replaceAll(/[\0\p{Cs}]/gu, '');
    for (const { email, username } of answer.body.items)
      expect(`${email} ${username}`.toLowerCase()).toContain(plain);
  });

  test('ignores an empty search', async () => {
    const { body: all } = await admin.list({ limit: 1, total: 'true' });
    for (const search of ['', '  ', '\0'])
      expect((await admin.list({ search, limit: 1, total: 'true' })).body.page.total).toBe(all.page.total);
  });

  test.each([
    [{ role: 'owner' }, 'query.role'],
    [{ status: 'gone' }, 'query.status'],
    [{ sort: 'password' }, 'query.sort'],
    [{ limit: 0 }, 'query.limit'],
  ])('refuses %j', async (query, path) => {
    expect((await admin.list(query as Record<string, string>)).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ path }],
    });
  });

  test.each(['createdAt', '-createdAt', 'username', 'email'])(
    'refuses a forged cursor for %s',
    async (sort) => {
      const { nextCursor } = (await admin.list({ sort, limit: 1 })).body.page;
      const [fingerprint] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
      for (const position of [
        [sort.includes('created') ? 'abc' : 1, 'x'],
        [null, 'x'],
        [{ $gt: '' }, 'x'],
        'x',
      ]) {
        const cursor = Buffer.from(JSON.stringify([fingerprint, position])).toString('base64url');
        expect((await admin.list({ sort, limit: 1, cursor })).body).toMatchObject({ code: 'invalid_cursor' });
      }
    },
  );

  test('refuses a cursor of another list', async () => {
    const { nextCursor } = (await admin.list({ search: mark, limit: 1 })).body.page;
    for (const query of [
      { cursor: 'x' },
      { cursor: nextCursor },
      { cursor: nextCursor, search: mark, sort: 'email' },
    ])
      expect((await admin.list(query)).body).toMatchObject({ code: 'invalid_cursor' });
  });
});

describe('the admin command', () => {
  const run = (...args: string[]) => {
    const given = parseAdminArguments(args);
    if (given === undefined) throw new Error(`not valid: ${args.join(' ')}`);
    return runAdminCommand(given, service.context);
  };

  test.each([
    [[]],
    [['list', 'ada']],
    [['promote']],
    [['promote', '']],
    [['demote', 'ada', 'bob']],
    [['erase', 'ada']],
    [['--help']],
  ])('refuses the arguments %j', (args) => {
    expect(parseAdminArguments(args)).toBeUndefined();
  });

  test('promotes an account by its email, username or id, and demotes it', async () => {
    const user = await service.newUser({ username: 'Grace.H', email: 'grace@example.com' });
    for (const name of ['grace@example.com', 'GRACE.h', user.id]) {
      expect(await run('promote', name)).toBe('grace@example.com is now an admin.');
      expect((await service.context.profiles.find(user.id))?.role).toBe('admin');
      expect(service.authService.account(user.id)).toMatchObject({ role: 'admin' });
      expect(await run('list')).toMatch(/grace@example\.com +Grace\.H +active/);
      expect(await run('demote', name)).toBe('grace@example.com is now an ordinary user.');
      expect(await run('list')).not.toContain('grace@example.com');
    }
    expect(await run('demote', user.id)).toBe('grace@example.com was already an ordinary user.');
  });

  test('does not demote the last active admin', async () => {
    const { email } = admin;
    await expect(run('demote', email)).rejects.toThrow(`${email} is the last active admin.`);
    expect((await service.context.profiles.find(admin.id))?.role).toBe('admin');
  });

  test('says that an account is deactivated, or that auth-service has not confirmed', async () => {
    const user = await service.newUser();
    await admin.patch(user.id, { status: 'deactivated' });
    expect(await run('promote', user.id)).toContain('The account is deactivated.');
    const other = await service.newUser();
    service.authService.faults.before = dropsConnection;
    expect(await run('promote', other.id)).toContain('auth-service has not confirmed it.');
    service.authService.recover();
    await service.allDelivered();
    expect(service.authService.account(other.id)).toMatchObject({ role: 'admin' });
    for (const { id } of [user, other]) await run('demote', id);
  });

  test('names the account that does not exist', async () => {
    for (const name of ['nobody@example.com', randomUUID(), 'a b'])
      await expect(run('promote', name)).rejects.toThrow(`There is no account ${name}.`);
  });

  test('refuses an email that two accounts have at this moment', async () => {
    const users = [await service.newUser(), await service.newUser({ email: 'moving@example.com' })];
    await service.context.db
      .collection<{ _id: string }>('profiles')
      .updateOne({ _id: users[0]!.id }, { $set: { email: 'moving@example.com' } });
    await expect(run('promote', 'moving@example.com')).rejects.toThrow('Use the id of one.');
  });
});
