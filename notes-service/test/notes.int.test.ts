import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { oneWins, statuses, until } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { startService, type Service } from './service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

describe('a request', () => {
  test('without a token is refused', async () => {
    const { body } = await service.client.call('GET', '/api/notes');
    expect(body).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  test('with an expired token is refused', async () => {
    const token = service.issuer.tokenFor(randomUUID(), { options: { expiresIn: -3_600 } });
    const { body } = await service.client.call('GET', '/api/notes', { token });
    expect(body).toMatchObject({ status: 401, code: 'token_expired' });
  });

  test('with a revoked token is refused, with a later token of the same user it is not', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    const { body: note } = await user.create({ title: 'kept' });
    await service.issuer.revoke(user.id, 2);
    for (const call of [
      user.list(),
      user.create({ title: 'lost' }),
      user.get(note.id),
      user.patch(note.id, { title: 'lost' }),
      user.remove(note.id),
    ])
      expect((await call).body).toMatchObject({ status: 401, code: 'token_revoked' });
    expect((await other.list()).status).toBe(200);
    expect((await service.withAccessVersion(user, 2).list()).body.items).toEqual([note]);
  });
});

describe('a request of a session that has ended', () => {
  test('is refused, and one of another session of the user is not', async () => {
    const [laptop, phone] = [randomUUID(), randomUUID()];
    const user = service.newUser();
    const [onLaptop, onPhone] = [laptop, phone].map((sid) => service.inSession(user, sid));
    const { body: note } = await onLaptop!.create({ title: 'kept' });
    await service.issuer.endSession(laptop);
    for (const call of [onLaptop!.list(), onLaptop!.create({ title: 'lost' }), onLaptop!.remove(note.id)])
      expect((await call).body).toMatchObject({ status: 401, code: 'token_revoked' });
    expect((await onPhone!.list()).body.items).toEqual([note]);
  });
});

describe('creating a note', () => {
  test.each([
    ['neither title nor content', {}, 'body'],
    ['an empty content alone', { content: '' }, 'body'],
    ['an empty title', { title: '' }, 'body.title'],
    ['a blank title', { title: ' \u00a0', content: 'a' }, 'body.title'],
    ['a title of zero-width characters', { title: '\u200b\u200d', content: 'a' }, 'body.title'],
    ['a title of a filler', { title: '\u3164' }, 'body.title'],
    ['an invisible content alone', { content: ' \n\u200b' }, 'body'],
    ['an invisible tag', { title: 'a', tags: ['\u2800'] }, 'body.tags.0'],
    ['a title that is too long', { title: 'a'.repeat(201) }, 'body.title'],
    ['a content that is too long', { content: 'a'.repeat(100_001) }, 'body.content'],
    ['a content with NUL', { content: 'a\0b' }, 'body.content'],
    ['a content with half a surrogate pair', { content: '\ud83d' }, 'body.content'],
    ['a tag with a comma', { title: 'a', tags: ['a,b'] }, 'body.tags.0'],
    ['a tag with a line break', { title: 'a', tags: ['a\nb'] }, 'body.tags.0'],
    ['a blank tag', { title: 'a', tags: ['  '] }, 'body.tags.0'],
    ['too many tags', { title: 'a', tags: Array.from({ length: 51 }, (_, i) => `t${i}`) }, 'body.tags'],
    ['an unknown field', { title: 'a', colour: 'red' }, 'body.colour'],
    ['a version', { title: 'a', version: 7 }, 'body.version'],
    ['an owner', { title: 'a', userId: randomUUID() }, 'body.userId'],
  ])('refuses %s', async (_what, body, path) => {
    const answer = await service.newUser().create(body);
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path }] });
  });

  test('accepts an invisible content under a title', async () => {
    const { status, body } = await service.newUser().create({ title: 'a', content: ' \n' });
    expect([status, body.content]).toEqual([201, ' \n']);
  });

  test('returns the note with its location and entity tag', async () => {
    const user = service.newUser();
    const answer = await user.create({
      title: '  Café 😀 ',
      content: ' unchanged ',
      tags: [' Work', 'wORK', 'I\u0307'],
    });
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      location: `/api/notes/${answer.body.id}`,
      etag: '"1"',
      'cache-control': 'private, no-cache',
      vary: 'Authorization',
    });
    expect(answer.body).toEqual({
      id: expect.any(String),
      title: '  Café 😀 ',
      content: ' unchanged ',
      tags: ['work', 'i\u0307'],
      pinned: false,
      archived: false,
      version: 1,
      createdAt: service.time.now.toISOString(),
      updatedAt: service.time.now.toISOString(),
      deletedAt: null,
    });
    expect((await user.get(answer.body.id)).body).toEqual(answer.body);
  });

  test('accepts the longest content and calls a note without a title "Untitled"', async () => {
    const content = '😀'.repeat(100_000);
    const { body } = await service.newUser().create({ content });
    expect(body.title).toBe('Untitled');
    expect(body.content).toBe(content);
  });
});

describe('a note', () => {
  test.each([
    ['a malformed id', '42'],
    ['an unknown id', randomUUID()],
  ])('with %s is a 404', async (_what, id) => {
    const user = service.newUser();
    for (const answer of [await user.get(id), await user.patch(id, { title: 'x' }), await user.remove(id)])
      expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('of another user is a 404', async () => {
    const [owner, other] = [service.newUser(), service.newUser()];
    const { body: note } = await owner.create({ title: 'mine' });
    expect((await other.get(note.id)).status).toBe(404);
    expect((await other.get(note.id, { 'If-None-Match': '"1"' })).status).toBe(404);
    expect((await other.patch(note.id, { title: 'stolen' })).status).toBe(404);
    expect((await other.patch(note.id, {}, { 'If-Match': '"9"' })).status).toBe(404);
    expect((await other.remove(note.id)).status).toBe(404);
    expect((await other.list('?archived=any')).body.items).toEqual([]);
    expect((await owner.get(note.id)).body).toEqual(note);
  });

  test('is found by its id in upper case', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    const upperCaseId = note.id.toUpperCase();
    expect(upperCaseId).not.toBe(note.id);
    expect((await user.get(upperCaseId)).body).toEqual(note);
    expect((await user.patch(upperCaseId, { pinned: true })).body).toMatchObject({ id: note.id, version: 2 });
    expect((await user.remove(upperCaseId)).status).toBe(204);
    expect((await user.get(note.id)).status).toBe(404);
  });
});

describe('reading a note with If-None-Match', () => {
  test.each(['"2"', '1', ''])('returns the note if the version differs: %s', async (ifNoneMatch) => {
    const user = service.newUser();
    const { body } = await user.create({ title: 'a' });
    expect((await user.get(body.id, { 'If-None-Match': ifNoneMatch })).status).toBe(200);
  });

  test.each(['"1"', 'W/"1"', '"7", "1"', '*'])(
    'answers 304 if the version is the same: %s',
    async (ifNoneMatch) => {
      const user = service.newUser();
      const { body } = await user.create({ title: 'a' });
      const { status, body: content, headers } = await user.get(body.id, { 'If-None-Match': ifNoneMatch });
      expect([status, content, headers.etag]).toEqual([304, undefined, '"1"']);
    },
  );

  test('answers 304 to a request with Cache-Control: no-cache', async () => {
    const user = service.newUser();
    const { body } = await user.create({ title: 'a' });
    const headers = { 'If-None-Match': '"1"', 'Cache-Control': 'no-cache' };
    expect((await user.get(body.id, headers)).status).toBe(304);
  });
});

describe('changing a note', () => {
  test.each(['"1"', 'W/"2"', '2', '"1", "3"'])(
    'refuses an If-Match without the current version and returns the current note: %s',
    async (ifMatch) => {
      const user = service.newUser();
      const { body: note } = await user.create({ title: 'a' });
      const { body: changed } = await user.patch(note.id, { title: 'b' });
      const answer = await user.patch(note.id, { title: 'c' }, { 'If-Match': ifMatch });
      expect(answer.body).toMatchObject({ status: 412, code: 'precondition_failed' });
      expect(answer.body.current).toEqual(changed);
      expect((await user.get(note.id)).body).toEqual(changed);
    },
  );

  test.each(['"2"', '"1", "2"', '*'])('accepts an If-Match with the current version: %s', async (ifMatch) => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    await user.patch(note.id, { title: 'b' });
    expect((await user.patch(note.id, { title: 'b' }, { 'If-Match': ifMatch })).status).toBe(200);
  });

  test.each([
    ['"2"', { status: 412, body: { current: { title: 'b', version: 2 } } }],
    ['W/"2"', { status: 412 }],
    ['"1", "2"', { status: 412 }],
    ['*', { status: 412 }],
    ['"1"', { status: 200, body: { version: 3 } }],
    ['', { status: 200 }],
  ])('heeds If-None-Match: %s', async (ifNoneMatch, expected) => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' }, { 'If-None-Match': '*' });
    await user.patch(note.id, { title: 'b' });
    expect(await user.patch(note.id, { title: 'c' }, { 'If-None-Match': ifNoneMatch })).toMatchObject(
      expected,
    );
  });

  test('changes only the given fields, and the version and the time', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a', content: 'kept', tags: ['x'] });
    service.advance(1_000);
    const { body, headers } = await user.patch(note.id, { title: 'b' });
    expect(body).toEqual({ ...note, title: 'b', version: 2, updatedAt: service.time.now.toISOString() });
    expect(headers['etag']).toBe('"2"');
    expect((await user.get(note.id)).body).toEqual(body);
  });

  test('refuses a title that nobody can see', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    for (const title of ['', '  ', '\u2060', '\u{e0041}'])
      expect((await user.patch(note.id, { title })).body).toMatchObject({
        status: 400,
        code: 'validation_failed',
        errors: [{ path: 'body.title' }],
      });
  });

  test('keeps the version if nothing differs', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a', tags: ['x'] });
    for (const same of [{}, { title: 'a' }, { tags: ['X '], pinned: false }])
      expect((await user.patch(note.id, same)).body).toEqual(note);
  });

  test('raises the version for a pin but keeps the time', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    service.advance(1_000);
    const { body } = await user.patch(note.id, { pinned: true });
    expect(body).toEqual({ ...note, pinned: true, version: 2 });
  });

  test('applies every one of many concurrent changes', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    const changes = Array.from({ length: 10 }, (_, i) => user.patch(note.id, { title: `t${i}` }));
    expect(new Set(statuses(await Promise.all(changes)))).toEqual(new Set([200]));
    expect((await user.get(note.id)).body.version).toBe(11);
  });

  test('applies one of many concurrent changes with the same If-Match', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    const changes = Array.from({ length: 10 }, (_, i) =>
      user.patch(note.id, { title: `t${i}` }, { 'If-Match': '"1"' }),
    );
    expect(statuses(await Promise.all(changes))).toEqual(oneWins(10, 200, 412));
  });
});

describe('deleting a note', () => {
  test.each(['*', '"1"'])('refuses an If-None-Match that names the version: %s', async (ifNoneMatch) => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    const answer = await user.remove(note.id, { 'If-None-Match': ifNoneMatch });
    expect(answer.body).toMatchObject({ status: 412, code: 'precondition_failed' });
    expect((await user.remove(note.id, { 'If-None-Match': '"2"' })).status).toBe(204);
  });

  test('refuses an If-Match with an older version', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    await user.patch(note.id, { title: 'b' });
    const stale = await user.remove(note.id, { 'If-Match': '"1"' });
    expect(stale.body).toMatchObject({ status: 412, code: 'precondition_failed', current: { title: 'b' } });
    expect((await user.remove(note.id, { 'If-Match': '"2"' })).status).toBe(204);
  });
});

test('a service without the revocation feed is not ready and refuses every request until it has read the feed', async () => {
  const isolated = await startService({ isFeedDown: true });
  const user = isolated.newUser();
  expect((await isolated.readiness()).body).toMatchObject({
    status: 'down',
    checks: { revocations: 'down' },
  });
  await until(async () => (await isolated.readiness()).body.checks.signingKeys === 'ok');
  expect((await user.list()).body).toMatchObject({ status: 503, code: 'service_unavailable' });
  isolated.issuer.state.isFeedDown = false;
  await until(async () => (await isolated.readiness()).status === 200);
  expect((await user.list()).status).toBe(200);
  await isolated.close();
});

test('a service without PostgreSQL is not ready and answers 503 until PostgreSQL is available again', async () => {
  const user = service.newUser();
  const { body: note } = await user.create({ title: 'kept' });
  const isReady = async () => (await service.readiness()).status === 200;
  service.databaseProxy.disconnect();
  try {
    for (const call of [
      user.list(),
      user.create({ title: 'lost' }),
      user.get(note.id),
      user.patch(note.id, { title: 'x' }),
    ]) {
      const { body, headers } = await call;
      expect(body).toMatchObject({ status: 503, code: 'service_unavailable' });
      expect(headers['retry-after']).toBeDefined();
    }
    expect(await isReady()).toBe(false);
  } finally {
    service.databaseProxy.recover();
  }
  await until(isReady);
  expect((await user.get(note.id)).body).toEqual(note);
});

test('writes that wait for a locked owner do not delay the requests of other users', async () => {
  const owner = service.newUser();
  await owner.create({ title: 'first' });
  const lock = new pg.Client({ connectionString: service.databaseUrl });
  await lock.connect();
  try {
    await lock.query('begin');
    await lock.query('select from owners where id = $1 for update', [owner.id]);
    const writes = Array.from({ length: 20 }, (_, i) => owner.create({ title: `${i}` }));
    const neighbours = Array.from({ length: 20 }, () => service.newUser().create({ title: 'mine' }));
    expect((await Promise.all(neighbours)).map(({ status }) => status)).toEqual(neighbours.map(() => 201));
    await lock.query('commit');
    expect((await Promise.all(writes)).map(({ status }) => status)).toEqual(writes.map(() => 201));
  } finally {
    await lock.end();
  }
});
