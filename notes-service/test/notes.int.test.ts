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

describe('writing a note', () => {
  test.each([
    ['neither title nor content', {}, 'body'],
    ['an empty content alone', { content: '' }, 'body'],
    ['an empty title', { title: '' }, 'body.title'],
    ['a title that is too long', { title: 'a'.repeat(201) }, 'body.title'],
    ['a content that is too long', { content: 'a'.repeat(100_001) }, 'body.content'],
    ['a content with NUL', { content: 'a\0b' }, 'body.content'],
    ['a content with half a surrogate pair', { content: '\ud83d' }, 'body.content'],
    ['a tag with a comma', { title: 'a', tags: ['a,b'] }, 'body.tags.0'],
    ['a tag with a line break', { title: 'a', tags: ['a\nb'] }, 'body.tags.0'],
    ['a blank tag', { title: 'a', tags: ['  '] }, 'body.tags.0'],
    ['too many tags', { title: 'a', tags: Array.from({ length: 51 }, (_, i) => `t${i}`) }, 'body.tags'],
    ['an unknown field', { title: 'a', colour: 'red' }, 'body.colour'],
    ['a version of the client', { title: 'a', version: 7 }, 'body.version'],
    ['an owner', { title: 'a', userId: randomUUID() }, 'body.userId'],
  ])('refuses %s', async (_what, body, path) => {
    const response = await service.newUser().create(body);
    expect(response.body).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path }] });
  });

  test('gives the note with its place and its entity tag', async () => {
    const user = service.newUser();
    const response = await user.create({
      title: '  Café 😀 ',
      content: ' as it is ',
      tags: [' Work', 'wORK', 'I\u0307'],
    });
    expect(response.status).toBe(201);
    expect(response.headers).toMatchObject({
      location: `/api/notes/${response.body.id}`,
      etag: '"1"',
      'cache-control': 'private, no-cache',
      vary: 'Authorization',
    });
    expect(response.body).toEqual({
      id: expect.any(String),
      title: '  Café 😀 ',
      content: ' as it is ',
      tags: ['work', 'i\u0307'],
      pinned: false,
      archived: false,
      version: 1,
      createdAt: service.time.now.toISOString(),
      updatedAt: service.time.now.toISOString(),
      deletedAt: null,
    });
    expect((await user.get(response.body.id)).body).toEqual(response.body);
  });

  test('calls a note without a title "Untitled", and keeps as much as is allowed', async () => {
    const content = '😀'.repeat(100_000);
    const { body } = await service.newUser().create({ content });
    expect(body.title).toBe('Untitled');
    expect(body.content).toBe(content);
  });
});

describe('reading a note', () => {
  test('is found by its id in capitals, too', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    const inCapitals = note.id.toUpperCase();
    expect(inCapitals).not.toBe(note.id);
    expect((await user.get(inCapitals)).body).toEqual(note);
    expect((await user.patch(inCapitals, { pinned: true })).body).toMatchObject({ id: note.id, version: 2 });
    expect((await user.remove(inCapitals)).status).toBe(204);
    expect((await user.get(note.id)).status).toBe(404);
  });

  test('answers 304 to who has it already', async () => {
    const user = service.newUser();
    const { body } = await user.create({ title: 'a' });
    for (const held of ['"1"', 'W/"1"', '"7", "1"', '*']) {
      const same = await user.get(body.id).set('If-None-Match', held);
      expect([held, same.status, same.text, same.headers['etag']]).toEqual([held, 304, '', '"1"']);
    }
    for (const other of ['"2"', '1', ''])
      expect([other, (await user.get(body.id).set('If-None-Match', other)).status]).toEqual([other, 200]);
  });

  test('answers 304 to who wants to be asked again, too', async () => {
    const user = service.newUser();
    const { body } = await user.create({ title: 'a' });
    const held = { 'If-None-Match': '"1"', 'Cache-Control': 'no-cache' };
    expect((await user.get(body.id).set(held)).status).toBe(304);
  });

  test.each([
    ['a malformed id', '42'],
    ['an unknown id', randomUUID()],
  ])('answers 404 to %s', async (_what, id) => {
    const user = service.newUser();
    for (const response of [
      await user.get(id),
      await user.patch(id, { title: 'x' }),
      await user.remove(id),
    ]) {
      expect(response.body).toMatchObject({ status: 404, code: 'not_found' });
    }
  });
});

describe('a note of another user', () => {
  test('does not exist to anyone else', async () => {
    const [owner, other] = [service.newUser(), service.newUser()];
    const { body: note } = await owner.create({ title: 'mine' });
    expect((await other.get(note.id)).status).toBe(404);
    expect((await other.get(note.id).set('If-None-Match', '"1"')).status).toBe(404);
    expect((await other.patch(note.id, { title: 'stolen' })).status).toBe(404);
    expect((await other.patch(note.id, {}).set('If-Match', '"9"')).status).toBe(404);
    expect((await other.remove(note.id)).status).toBe(404);
    expect((await other.list('?archived=any')).body.items).toEqual([]);
    expect((await owner.get(note.id)).body).toEqual(note);
  });
});

describe('changing a note', () => {
  test('changes what is named and moves version and time on', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a', content: 'kept', tags: ['x'] });
    service.time.now = new Date(service.time.now.getTime() + 1_000);
    const { body, headers } = await user.patch(note.id, { title: 'b' });
    expect(body).toEqual({ ...note, title: 'b', version: 2, updatedAt: service.time.now.toISOString() });
    expect(headers['etag']).toBe('"2"');
    expect((await user.get(note.id)).body).toEqual(body);
  });

  test('keeps the version when nothing changes', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a', tags: ['x'] });
    for (const same of [{}, { title: 'a' }, { tags: ['X '], pinned: false }]) {
      expect((await user.patch(note.id, same)).body).toEqual(note);
    }
  });

  test('counts a pin as a version but not as a change of the text', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    service.time.now = new Date(service.time.now.getTime() + 1_000);
    const { body } = await user.patch(note.id, { pinned: true });
    expect(body).toEqual({ ...note, pinned: true, version: 2 });
  });

  test('refuses a change to an older version and shows the current one', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    const { body: changed } = await user.patch(note.id, { title: 'b' });
    for (const stale of ['"1"', 'W/"2"', '2', '"1", "3"']) {
      const response = await user.patch(note.id, { title: 'c' }).set('If-Match', stale);
      expect(response.body).toMatchObject({ status: 412, code: 'precondition_failed' });
      expect(response.body.current).toEqual(changed);
    }
    for (const current of ['"2"', '"1", "2"', '*']) {
      expect((await user.patch(note.id, { title: 'b' }).set('If-Match', current)).status).toBe(200);
    }
  });

  test('loses none of many changes at once, and lets one of many with If-Match win', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    const free = await Promise.all(
      Array.from({ length: 10 }, (_, i) => user.patch(note.id, { title: `t${i}` })),
    );
    expect(new Set(statuses(free))).toEqual(new Set([200]));
    expect((await user.get(note.id)).body.version).toBe(11);

    const guarded = await Promise.all(
      Array.from({ length: 10 }, (_, i) => user.patch(note.id, { title: `g${i}` }).set('If-Match', '"11"')),
    );
    expect(statuses(guarded)).toEqual(oneWins(10, 200, 412));
  });
});

describe('deleting a note', () => {
  test('is final', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    const response = await user.remove(note.id);
    expect([response.status, response.text]).toEqual([204, '']);
    expect((await user.get(note.id)).status).toBe(404);
    expect((await user.remove(note.id)).status).toBe(404);
    expect((await user.list()).body.items).toEqual([]);
  });
});

describe('deleting a note that has moved on', () => {
  test('is refused when the caller says what they saw', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    await user.patch(note.id, { title: 'b' });
    const stale = await user.remove(note.id).set('If-Match', '"1"');
    expect(stale.body).toMatchObject({ status: 412, code: 'precondition_failed', current: { title: 'b' } });
    expect((await user.remove(note.id).set('If-Match', '"2"')).status).toBe(204);
  });
});

describe('the token', () => {
  test('is needed, and its end is told', async () => {
    const bare = await request(service.server).get('/api/notes');
    expect(bare.body).toMatchObject({ status: 401, code: 'unauthenticated' });
    const expired = service.issuer.tokenFor(randomUUID(), { options: { expiresIn: -3_600 } });
    const late = await request(service.server).get('/api/notes').set('Authorization', `Bearer ${expired}`);
    expect(late.body).toMatchObject({ status: 401, code: 'token_expired' });
  });
});

describe('a user who was cut off', () => {
  test('can do nothing with the tokens from before, and all with a later one', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    const { body: note } = await user.create({ title: 'kept' });
    await service.issuer.cutOff(user.id, 2);
    for (const call of [
      user.list(),
      user.create({ title: 'lost' }),
      user.get(note.id),
      user.patch(note.id, { title: 'lost' }),
      user.remove(note.id),
    ])
      expect((await call).body).toMatchObject({ status: 401, code: 'token_revoked' });
    expect((await other.list()).status).toBe(200);
    const later = service.issuer.tokenFor(user.id, { claims: { ver: 2 } });
    const list = await request(service.server).get('/api/notes').set('Authorization', `Bearer ${later}`);
    expect(list.body.items).toEqual([note]);
  });
});

describe('a service that cannot read who was cut off', () => {
  test('is not ready and serves nobody, until it can', async () => {
    const blind = await startService({ isFeedDown: true });
    const user = blind.newUser();
    const ready = () => request(blind.server).get('/health/ready');
    expect((await ready()).body).toMatchObject({ status: 'down', checks: { revocations: 'down' } });
    await until(async () => (await ready()).body.checks.signingKeys === 'ok');
    expect((await user.list()).body).toMatchObject({ status: 503, code: 'service_unavailable' });
    blind.issuer.state.isFeedDown = false;
    await until(async () => (await ready()).status === 200);
    expect((await user.list()).status).toBe(200);
    await blind.close();
  });
});

describe('while PostgreSQL is away', () => {
  test('every call is a 503, the service is not ready, and both mend by themselves', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'kept' });
    const isReady = async () => (await request(service.server).get('/health/ready')).status === 200;
    service.wayToDatabase.cut();
    for (const call of [
      user.list(),
      user.create({ title: 'lost' }),
      user.get(note.id),
      user.patch(note.id, { title: 'x' }),
    ]) {
      const response = await call;
      expect(response.body).toMatchObject({ status: 503, code: 'service_unavailable' });
      expect(response.headers['retry-after']).toBeDefined();
    }
    expect(await isReady()).toBe(false);
    service.wayToDatabase.mend();
    await until(isReady);
    expect((await user.get(note.id)).body).toEqual(note);
  });
});
