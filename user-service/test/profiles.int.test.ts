import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { oneWins, statuses, until } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

describe('the own profile of a user', () => {
  test('has the registered fields', async () => {
    const user = await service.newUser();
    const response = await user.me();
    expect(response.status).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.body).toEqual({
      id: user.id,
      email: user.email,
      emailVerified: false,
      username: user.username,
      role: 'user',
      status: 'active',
      bio: null,
      avatar: null,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    });
  });

  test('is refused when the account was removed, although the token is valid', async () => {
    const user = await service.newUser();
    await service.remove(user.id);
    expect((await user.me()).body).toMatchObject({
      type: 'https://notes.example.com/problems#token_revoked',
      status: 401,
      code: 'token_revoked',
    });
    expect((await user.update({ bio: 'still here?' })).body).toMatchObject({
      status: 401,
      code: 'token_revoked',
    });
  });
});

describe('a session that auth-service ends', () => {
  const sessionOf = (user: { id: string }, sid: string) => service.as(user.id, 'user', 1, sid);

  test('is refused from the answer on, and another session of the user is not', async () => {
    const user = await service.newUser();
    const sid = randomUUID();
    const [ended, other] = [sessionOf(user, sid), sessionOf(user, randomUUID())];
    expect((await ended.me()).status).toBe(200);
    expect(await service.endSession(sid)).toEqual({ status: 200, data: { id: sid } });
    for (const call of [ended.me(), ended.update({ bio: 'still here?' }), ended.deleteMe()])
      expect((await call).body).toMatchObject({ status: 401, code: 'token_revoked' });
    expect((await other.me()).status).toBe(200);
  });

  test('stays ended when many calls end it at once', async () => {
    const user = await service.newUser();
    const sid = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.endSession(sid)));
    expect(answers).toEqual(answers.map(() => ({ status: 200, data: { id: sid } })));
    expect((await sessionOf(user, sid).me()).body).toMatchObject({ code: 'token_revoked' });
  });

  test('is forgotten only when its last access token has expired', async () => {
    const indexes = await service.context.db.collection('endedSessions').indexes();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { endedAt: 1 }, expireAfterSeconds: 25 * 60 * 60 }),
    );
    const sid = randomUUID();
    await service.endSession(sid);
    const stored = await service.context.db
      .collection<{ _id: string }>('endedSessions')
      .findOne({ _id: sid });
    expect(stored).toEqual({ _id: sid, endedAt: expect.any(Date) });
  });

  test('is not kept for longer when auth-service repeats the call', async () => {
    const sessions = service.context.db.collection<{ _id: string; endedAt: Date }>('endedSessions');
    const sid = randomUUID();
    const endedAt = new Date(Date.now() - 3_600_000);
    await sessions.insertOne({ _id: sid, endedAt });
    expect((await service.endSession(sid)).status).toBe(200);
    expect(await sessions.findOne({ _id: sid })).toEqual({ _id: sid, endedAt });
  });

  test('has a uuid, and only auth-service ends it', async () => {
    expect((await service.endSession('42')).status).toBe(404);
    expect((await request(service.server).put(`/internal/ended-sessions/${randomUUID()}`)).status).toBe(401);
  });
});

describe('changing the own profile', () => {
  test.each([
    ['a short username', { username: 'ab' }, 'body.username'],
    ['a username with a blank', { username: 'a b c' }, 'body.username'],
    ['a username in other letters', { username: 'жжжж' }, 'body.username'],
    ['no username', { username: null }, 'body.username'],
    ['a long bio', { bio: 'a'.repeat(501) }, 'body.bio'],
    ['an avatar that is a script', { avatar: 'javascript:alert(1)' }, 'body.avatar'],
    ['an avatar that is no URL', { avatar: 'me.png' }, 'body.avatar'],
    ['an avatar without a host', { avatar: 'http:foo' }, 'body.avatar'],
    ['an avatar with NUL', { avatar: 'http://x/\0' }, 'body.avatar'],
    ['an avatar with half a surrogate pair', { avatar: 'http://x/\ud800' }, 'body.avatar'],
    ['an avatar that is too long', { avatar: `https://example.com/${'a'.repeat(2_048)}` }, 'body.avatar'],
    ['a role', { role: 'admin' }, 'body.role'],
    ['a status', { status: 'active' }, 'body.status'],
    ['an email', { email: 'other@example.com' }, 'body.email'],
    ['a password', { password: 'new password' }, 'body.password'],
  ])('refuses %s', async (_what, body, path) => {
    const user = await service.newUser();
    expect((await user.update(body)).body).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
  });

  test('changes the given fields and clears with null', async () => {
    const user = await service.newUser();
    const { body: before } = await user.me();
    const changes = {
      username: `${user.username}.NEW`,
      bio: 'Schön 😀',
      avatar: 'https://example.com/a.png',
    };
    const { body: changed } = await user.update(changes);
    expect(changed).toEqual({ ...before, ...changes, updatedAt: expect.any(String) });
    expect((await user.update({ bio: null, avatar: null })).body).toMatchObject({ bio: null, avatar: null });
    expect((await user.update({})).body).toEqual((await user.me()).body);
  });

  test('refuses a username that differs from another only in case', async () => {
    const [one, two] = [await service.newUser(), await service.newUser()];
    const response = await two.update({ username: one.username.toUpperCase() });
    expect(response.body).toMatchObject({ status: 409, code: 'username_taken' });
    expect((await two.me()).body.username).toBe(two.username);
    expect((await one.update({ username: one.username.toUpperCase() })).status).toBe(200);
  });

  test('gives a username that eight users request at once to one of them', async () => {
    const users = await Promise.all(Array.from({ length: 8 }, () => service.newUser()));
    const answers = await Promise.all(users.map((user) => user.update({ username: 'wanted' })));
    expect(statuses(answers)).toEqual(oneWins(8, 200, 409));
  });
});

describe('many users who request one username, again and again', () => {
  test('get 200 or 409 and nothing else', async () => {
    const users = await Promise.all(Array.from({ length: 6 }, () => service.newUser()));
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(users.map((user) => user.update({ username: `round-${round}` })));
      expect(statuses(answers)).toEqual(oneWins(6, 200, 409));
    }
  });
});

describe('the profile state that auth-service desires', () => {
  test('creates a profile once, also when it is repeated', async () => {
    const id = randomUUID();
    const desired = service.desiredProfile();
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.put(id, desired)));
    for (const { status, data } of answers) {
      expect(status).toBe(200);
      expect(data).toMatchObject({
        state: 'present',
        profileVersion: 1,
        user: { id, username: desired.username },
      });
    }
  });

  test('is applied when two versions of a new profile arrive at once', async () => {
    for (let round = 0; round < 10; round++) {
      const id = randomUUID();
      const first = service.desiredProfile({ profileVersion: 1 });
      const second = { ...first, profileVersion: 2 };
      const answers = await Promise.all([service.put(id, first), service.put(id, second)]);
      expect(statuses(answers)).toEqual([200, 200]);
      expect((await service.put(id, second)).data).toMatchObject({ state: 'present', profileVersion: 2 });
    }
  });

  test('does not replace a later state', async () => {
    const id = randomUUID();
    const first = service.desiredProfile({ profileVersion: 1 });
    const second = service.desiredProfile({ profileVersion: 2 });
    await service.put(id, second);
    expect((await service.put(id, first)).data).toMatchObject({
      profileVersion: 2,
      user: { username: second.username },
    });
    await service.as(id).update({ username: 'changed-since' });
    expect((await service.put(id, second)).data).toMatchObject({ user: { username: 'changed-since' } });
  });

  test('is refused when the username is taken, and changes nothing', async () => {
    const user = await service.newUser();
    const id = randomUUID();
    const { status, data } = await service.put(
      id,
      service.desiredProfile({ username: user.username.toUpperCase() }),
    );
    expect([status, data]).toMatchObject([409, { code: 'username_taken' }]);
    expect((await service.as(id).me()).status).toBe(401);
    expect((await service.put(id, service.desiredProfile())).status).toBe(200);
  });

  test('does not create a removed profile again, and frees its username', async () => {
    const user = await service.newUser();
    expect((await service.remove(user.id)).data).toEqual({ state: 'absent' });
    expect((await service.remove(user.id)).data).toEqual({ state: 'absent' });
    expect((await service.put(user.id, service.desiredProfile({ profileVersion: 9 }))).data).toEqual({
      state: 'absent',
    });
    const heir = await service.newUser({ username: user.username });
    expect((await heir.me()).body.username).toBe(user.username);
  });

  test('can be removed before it arrives, or at the same time', async () => {
    const early = randomUUID();
    await service.remove(early);
    expect((await service.put(early, service.desiredProfile())).data).toEqual({ state: 'absent' });

    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const id = randomUUID();
        await Promise.all([service.put(id, service.desiredProfile()), service.remove(id)]);
        expect((await service.as(id).me()).status).toBe(401);
      }),
    );
  });

  test.each([
    ['no token', undefined],
    ['a token that is not one', 'Bearer nonsense'],
  ])('is refused with %s', async (_what, authorization) => {
    const call = request(service.server).put(`/internal/profiles/${randomUUID()}`);
    if (authorization) call.set('Authorization', authorization);
    expect((await call.send(service.desiredProfile())).status).toBe(401);
  });
});

describe('while MongoDB is unavailable', () => {
  test('every call is a 503, the service is not ready, and both recover by themselves', async () => {
    const user = await service.newUser();
    const isReady = async () => (await request(service.server).get('/health/ready')).status === 200;
    service.wayToDatabase.disconnect();
    for (const call of [user.me(), user.update({ bio: 'lost' })]) {
      expect((await call).body).toMatchObject({ status: 503, code: 'service_unavailable' });
    }
    expect(await isReady()).toBe(false);
    service.wayToDatabase.recover();
    await until(isReady);
    expect((await user.me()).body).toMatchObject({ id: user.id, bio: null });
  });
});
