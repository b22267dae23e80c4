import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { breaks, fails, isSilent } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
let admin: Awaited<ReturnType<typeof service.newAdmin>>;
beforeAll(async () => {
  service = await startService();
  admin = await service.newAdmin();
});
afterAll(() => service.close());
afterEach(() => service.authService.mend());

const revoked = { status: 401, code: 'token_revoked' };
const unavailable = { status: 503, code: 'service_unavailable' };

describe('every route of admins', () => {
  const calls = (as: ReturnType<typeof service.as>) => {
    const id = randomUUID();
    return [as.list(), as.list({ limit: 'x' }), as.get(id), as.patch(id, { nonsense: 1 }), as.remove(id)];
  };

  test('is forbidden to a user, before anything else is looked at', async () => {
    const user = await service.newUser();
    for (const answer of await Promise.all(calls(user)))
      expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' });
  });

  test('is closed to a token that says admin of an account that is none', async () => {
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
    for (const answer of [await admin.get(id), await admin.patch(id, { bio: 'x' }), await admin.remove(id)])
      expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
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

  test('keeps role and status when its username cannot be had', async () => {
    const [user, other] = [await service.newUser(), await service.newUser()];
    const answer = await admin.patch(user.id, { username: other.username, role: 'admin' });
    expect(answer.body).toMatchObject({ status: 409, code: 'username_taken' });
    expect((await user.me()).body).toMatchObject({ username: user.username, role: 'user' });
  });

  test('can have its profile changed while auth-service is away', async () => {
    service.authService.faults.before = breaks;
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
  test('is told to auth-service, and the tokens with the old one stop working', async () => {
    const user = await service.newUser();
    expect((await admin.patch(user.id, { role: 'admin' })).body).toMatchObject({
      id: user.id,
      role: 'admin',
    });
    expect(service.authService.account(user.id)).toMatchObject({ role: 'admin', status: 'active' });
    expect((await user.me()).body).toMatchObject(revoked);
    const promoted = service.as(user.id, 'admin');
    expect((await promoted.list()).status).toBe(200);
    expect((await promoted.patch(user.id, { role: 'user' })).status).toBe(200);
    expect((await promoted.list()).body).toMatchObject(revoked);
    expect((await user.me()).status).toBe(200);
  });
});

describe('switching an account off', () => {
  test('ends its tokens and can be turned back', async () => {
    const user = await service.newUser();
    expect((await admin.patch(user.id, { status: 'deactivated' })).body).toMatchObject({
      status: 'deactivated',
    });
    expect(service.authService.account(user.id)).toMatchObject({ status: 'deactivated' });
    expect((await user.me()).body).toMatchObject(revoked);
    expect((await admin.patch(user.id, { status: 'active' })).body).toMatchObject({ status: 'active' });
    expect(service.authService.account(user.id)).toMatchObject({ status: 'active' });
    expect((await user.me()).status).toBe(200);
  });

  test('is everyone’s own right', async () => {
    const user = await service.newUser();
    const answer = await user.deleteMe();
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await user.me()).body).toMatchObject(revoked);
    expect((await user.deleteMe()).body).toMatchObject(revoked);
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'deactivated' });
  });

  test.each([
    ['cannot be connected to', breaks],
    ['never answers', isSilent],
    ['has an accident', fails],
  ])('is a 503 that changes nothing while auth-service %s', async (_what, fault) => {
    const user = await service.newUser();
    const { body: before } = await user.me();
    service.authService.faults.before = fault;
    const refused = await user.deleteMe();
    expect(refused.body).toMatchObject(unavailable);
    expect(refused.headers['retry-after']).toBeDefined();
    expect((await admin.patch(user.id, { status: 'deactivated', bio: 'lost' })).body).toMatchObject(
      unavailable,
    );
    expect((await user.me()).body).toEqual({ ...before, updatedAt: expect.any(String) });
    service.authService.mend();
    expect((await user.deleteMe()).status).toBe(204);
  });

  test('is told to auth-service again when it is asked for again after getting stuck half way', async () => {
    const user = await service.newUser();
    const { accounts, clock } = service.context;
    const read = await accounts.find(user.id);
    // What a process leaves that dies before it can tell.
    await accounts.change(read!, { status: 'deactivated' }, clock());
    service.authService.faults.before = breaks;
    expect((await admin.patch(user.id, { status: 'deactivated' })).body).toMatchObject(unavailable);
    service.authService.mend();
    expect((await admin.patch(user.id, { status: 'deactivated' })).status).toBe(200);
    expect(service.authService.account(user.id)).toMatchObject({ status: 'deactivated' });
  });

  test('is not taken back once another request for the same has told auth-service', async () => {
    const user = await service.newUser();
    const deactivate = () => admin.patch(user.id, { status: 'deactivated' });
    let second: Promise<request.Response> | undefined;
    service.authService.faults.before = (req) => {
      service.authService.mend();
      second = deactivate().then((answer) => {
        service.authService.faults.before = breaks;
        req.socket.destroy();
        return answer;
      });
    };
    expect((await deactivate()).body).toMatchObject(unavailable);
    expect((await second)?.status).toBe(200);
    service.authService.mend();
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'deactivated' });
    expect(service.authService.account(user.id)).toMatchObject({ status: 'deactivated' });
  });

  test('is answered for as it is when it was taken back a moment before auth-service was noted to follow', async () => {
    const user = await service.newUser();
    const { accounts, clock } = service.context;
    const read = await accounts.find(user.id);
    const stuck = await accounts.change(read!, { status: 'deactivated' }, clock());
    const confirm = accounts.confirm.bind(accounts);
    accounts.confirm = async (account) => {
      accounts.confirm = confirm;
      if (typeof stuck === 'object') await accounts.takeBack(stuck, { status: 'active' }, clock());
      return confirm(account);
    };
    expect((await admin.patch(user.id, { status: 'deactivated' })).body).toMatchObject({
      status: 'deactivated',
    });
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'deactivated' });
    expect(service.authService.account(user.id)).toMatchObject({ status: 'deactivated' });
  });

  test('keeps an edit of the profile that came while auth-service could not be told', async () => {
    const user = await service.newUser();
    service.authService.faults.before = (req) => {
      service.authService.faults.before = breaks;
      void admin.patch(user.id, { bio: 'by another admin' }).then(() => req.socket.destroy());
    };
    const refused = await admin.patch(user.id, { status: 'deactivated', bio: 'by one admin' });
    expect(refused.body).toMatchObject(unavailable);
    service.authService.mend();
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'active', bio: 'by another admin' });
  });

  test('is taken back though somebody has taken the earlier username meanwhile', async () => {
    const user = await service.newUser();
    service.authService.faults.before = (req) => {
      service.authService.faults.before = breaks;
      void service.newUser({ username: user.username }).then(() => req.socket.destroy());
    };
    const changes = { username: `${user.username}-new`, role: 'admin' };
    expect((await admin.patch(user.id, changes)).body).toMatchObject(unavailable);
    service.authService.mend();
    expect((await admin.get(user.id)).body).toMatchObject({ role: 'user', username: changes.username });
  });

  test('is taken back in auth-service, too, when only the answer was lost', async () => {
    const user = await service.newUser();
    service.authService.faults.after = (req) => {
      service.authService.faults.after = (again) => {
        service.authService.mend();
        again.socket.destroy();
      };
      req.socket.destroy();
    };
    expect((await user.deleteMe()).body).toMatchObject(unavailable);
    await service.context.background.settled();
    expect(service.authService.account(user.id)).toMatchObject({ status: 'active' });
    expect((await user.me()).status).toBe(200);
  });
});

describe('the operators’ first admin', () => {
  test('is appointed once, and the others are not needed', async () => {
    expect((await service.appoint(admin.id)).data).toMatchObject({ state: 'appointed' });
    const user = await service.newUser();
    expect((await service.appoint(user.id)).data).toEqual({ state: 'not_needed' });
    expect((await user.me()).body).toMatchObject({ role: 'user' });
  });

  test('is not appointed by anyone but auth-service', async () => {
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
  ])('is in the order of %s, and goes through its pages so', async (sort, expected) => {
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

  test('finds a part of the email or the username in any case, with the filters', async () => {
    expect(usernames(await admin.list({ search: `LTA-${mark}` }))).toEqual([names[0]]);
    expect(usernames(await admin.list({ search: `3.${mark}@EXAMPLE` }))).toEqual([names[1]]);
    expect(usernames(await admin.list({ search: mark, role: 'admin' }))).toEqual([names[1]]);
    expect(usernames(await admin.list({ search: mark, status: 'deactivated' }))).toEqual([names[1]]);
    expect(usernames(await admin.list({ search: mark, status: 'deactivated', role: 'user' }))).toEqual([]);
  });

  test('counts when asked', async () => {
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
  ])('takes %j for a text, not for a pattern', async (search) => {
    const answer = await admin.list({ search, limit: 100 });
    expect(answer.status).toBe(200);
    const plain = search.replaceAll(/[\0\p{Cs}]/gu, '');
    for (const { email, username } of answer.body.items)
      expect(`${email} ${username}`.toLowerCase()).toContain(plain);
  });

  test('takes an empty search for none', async () => {
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
