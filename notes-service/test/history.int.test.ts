import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { statuses } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { startService, titles, titlesOnAllPages, type Service, type User } from './service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ limits: { notes: 5, bytes: 3_000, versionsPerNote: 4 } });
});
afterAll(() => service.close());

const versionsOf = async (user: User, id: string) => {
  const { body } = await user.call('GET', `/api/notes/${id}/versions`);
  return body.items.map(({ version }: { version: number }) => version);
};
const readVersion = (user: User, id: string, version: number | string) =>
  user.call('GET', `/api/notes/${id}/versions/${version}`);
const restoreVersion = (user: User, id: string, version: number | string, headers = {}) =>
  user.call('POST', `/api/notes/${id}/versions/${version}/restore`, { headers });
const restore = (user: User, id: string, headers = {}) =>
  user.call('POST', `/api/notes/${id}/restore`, { headers });
const destroy = (user: User, id: string, headers = {}) =>
  user.call('DELETE', `/api/notes/${id}?permanent=true`, { headers });
const trash = (user: User, query = '') => user.call('GET', `/api/notes/trash${query}`);
const usage = async (user: User) => (await user.call('GET', '/api/notes/usage')).body;
const create = async (user: User, note: object): Promise<string> => (await user.create(note)).body.id;
const notFound = { status: 404, code: 'not_found' };

describe('the versions of a note', () => {
  test('are all that it had, the newest first, each with its own texts', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'a', content: 'one', tags: ['x'] });
    service.advance(1_000);
    await user.patch(id, { content: 'two' });
    service.advance(1_000);
    await user.patch(id, { pinned: true });
    await user.patch(id, { title: 'b', tags: ['y'] });
    const { body } = await user.call('GET', `/api/notes/${id}/versions?total=true`);
    expect(body.items.map(({ version, title }: Record<string, unknown>) => [version, title])).toEqual([
      [4, 'b'],
      [3, 'a'],
      [2, 'a'],
      [1, 'a'],
    ]);
    expect(body.page.total).toBe(4);
    const full = await Promise.all(
      [1, 2, 3, 4].map(async (version) => (await readVersion(user, id, version)).body),
    );
    const { createdAt } = (await user.get(id)).body;
    expect(full[0]).toEqual({
      id,
      version: 1,
      title: 'a',
      content: 'one',
      tags: ['x'],
      pinned: false,
      archived: false,
      createdAt,
    });
    expect(full.slice(1)).toMatchObject([
      { title: 'a', content: 'two', tags: ['x'], pinned: false },
      { title: 'a', content: 'two', tags: ['x'], pinned: true },
      { title: 'b', content: 'two', tags: ['y'], pinned: true },
    ]);
    expect(Date.parse(full[1].createdAt) - Date.parse(createdAt)).toBe(1_000);
  });

  test('can be restored, which is a new version and loses nothing', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'a', content: 'one', tags: ['x'], archived: true });
    await user.patch(id, { content: 'two', tags: [], archived: false });
    const { status, body, headers } = await restoreVersion(user, id, 1);
    expect([status, headers['etag']]).toEqual([200, '"3"']);
    expect(body).toMatchObject({ version: 3, content: 'one', tags: ['x'], archived: true });
    expect((await readVersion(user, id, 2)).body).toMatchObject({ content: 'two', tags: [] });
  });

  test('are not more when the current one is restored', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'a' });
    expect((await restoreVersion(user, id, 1)).body).toEqual((await user.get(id)).body);
    expect(await versionsOf(user, id)).toEqual([1]);
  });

  test.each(['0', '-1', '1e3', '01', '1.0', 'x', '9007199254740992', '2147483648', '3', '%31%30'])(
    'do not include the number %s',
    async (version) => {
      const user = service.newUser();
      const id = await create(user, { title: 'a' });
      await user.patch(id, { title: 'b' });
      expect((await readVersion(user, id, version)).body).toMatchObject(notFound);
      expect((await restoreVersion(user, id, version)).body).toMatchObject(notFound);
    },
  );

  test('belong to the owner of the note', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    const id = await create(user, { title: 'a' });
    for (const path of ['', '/1']) {
      const answer = await other.call('GET', `/api/notes/${id}/versions${path}`);
      expect(answer.body).toMatchObject(notFound);
    }
    expect((await restoreVersion(other, id, 1)).body).toMatchObject(notFound);
  });

  test('are the newest ones up to the limit, and still have their texts', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'first', content: 'same' });
    for (let i = 2; i <= 7; i++) await user.patch(id, { title: `title ${i}` });
    expect(await versionsOf(user, id)).toEqual([7, 6, 5, 4, 3]);
    expect((await readVersion(user, id, 3)).body).toMatchObject({ title: 'title 3', content: 'same' });
    expect(await usage(user)).toMatchObject({ versions: 4, bytes: 11 + 4 * 7 });
  });

  test('are read page by page', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'a' });
    await user.patch(id, { title: 'b' });
    await user.patch(id, { title: 'c' });
    const first = await user.call('GET', `/api/notes/${id}/versions?limit=2`);
    expect(titles(first)).toEqual(['c', 'b']);
    const rest = `limit=2&cursor=${first.body.page.nextCursor}`;
    expect(titles(await user.call('GET', `/api/notes/${id}/versions?${rest}`))).toEqual(['a']);
    const other = await create(user, { title: 'other' });
    const answer = await user.call('GET', `/api/notes/${other}/versions?${rest}`);
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });

  test('are read with a cursor of this list only', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'a' });
    await user.patch(id, { title: 'b' });
    const { body } = await user.call('GET', `/api/notes/${id}/versions?limit=1`);
    const cursor = Buffer.from(body.page.nextCursor, 'base64url').toString();
    for (const position of ['9007199254740991', '0', '-1', '"2"']) {
      const forged = Buffer.from(cursor.replace(/,2]$/, `,${position}]`)).toString('base64url');
      expect(forged).not.toBe(body.page.nextCursor);
      const answer = await user.call('GET', `/api/notes/${id}/versions?cursor=${forged}`);
      expect(answer.body).toMatchObject({ status: 400, code: 'invalid_cursor' });
    }
  });

  test('keep every edit of concurrent clients that repeat refused ones', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'a', content: 'start' });
    const clients = Array.from({ length: 4 }, async (_, client) => {
      for (;;) {
        const { body, headers } = await user.get(id);
        const edit = { content: `${body.content} ${client}` };
        const { status } = await user.patch(id, edit, { 'If-Match': String(headers['etag']) });
        if (status === 200) return;
        expect(status).toBe(412);
      }
    });
    await Promise.all(clients);
    const { body } = await user.get(id);
    expect(body.version).toBe(5);
    const contents = await Promise.all(
      [1, 2, 3, 4].map(async (version) => (await readVersion(user, id, version)).body.content),
    );
    expect(
      contents.every(
        (content, index) => body.content.startsWith(content) && content.split(' ').length === index + 1,
      ),
    ).toBe(true);
  });
});

describe('the trash', () => {
  test('takes a deleted note out of every other answer, and gives it back with its history', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'lost word', tags: ['x'] });
    await user.patch(note.id, { content: 'more' });
    for (let round = 0; round < 2; round++) {
      expect(statuses([await user.remove(note.id), await user.remove(note.id)])).toEqual([204, 204]);
      const inTrash = (await trash(user)).body.items;
      expect(inTrash).toEqual([
        expect.objectContaining({ id: note.id, deletedAt: service.time.now.toISOString() }),
      ]);
      for (const answer of [
        await user.get(note.id),
        await user.patch(note.id, { title: 'x' }),
        await user.call('GET', `/api/notes/${note.id}/versions`),
        await readVersion(user, note.id, 1),
        await restoreVersion(user, note.id, 1),
      ])
        expect(answer.body).toMatchObject(notFound);
      for (const query of ['?archived=any&total=true', '?search=word', '?tag=x', '?search=wrod']) {
        expect((await user.list(query)).body.items).toEqual([]);
      }
      const { status, body } = await restore(user, note.id);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        id: note.id,
        createdAt: note.createdAt,
        deletedAt: null,
        version: 2 + 2 * (round + 1),
      });
      expect((await trash(user)).body.items).toEqual([]);
    }
    expect(titles(await user.list('?search=word'))).toEqual(['lost word']);
    expect(await versionsOf(user, note.id)).toEqual([6, 5, 4, 3, 2]);
  });

  test('leaves a note outside it as it is on a restore', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    expect((await restore(user, note.id)).body).toEqual(note);
  });

  test('is listed with the latest deletion first, page by page, and belongs to its owner', async () => {
    const user = service.newUser();
    for (const title of ['a', 'b', 'c']) {
      await user.remove(await create(user, { title }));
      service.advance(1_000);
    }
    const first = await trash(user, '?limit=2&total=true');
    expect([titles(first), first.body.page.total]).toEqual([['c', 'b'], 3]);
    expect(titles(await trash(user, `?limit=2&cursor=${first.body.page.nextCursor}`))).toEqual(['a']);
    const other = service.newUser();
    const [{ id }] = first.body.items;
    expect((await trash(other)).body.items).toEqual([]);
    expect((await restore(other, id)).body).toMatchObject(notFound);
    expect((await destroy(other, id)).body).toMatchObject(notFound);
  });

  test('is emptied, and nothing else is', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    await create(user, { title: 'kept' });
    for (const owner of [user, user, other]) await owner.remove(await create(owner, { title: 'gone' }));
    const empty = () => user.call('DELETE', '/api/notes/trash');
    expect((await empty()).body).toEqual({ destroyed: 2 });
    expect((await empty()).body).toEqual({ destroyed: 0 });
    expect(titles(await trash(other))).toEqual(['gone']);
    expect(await usage(user)).toMatchObject({ notes: 1, trashed: 0, versions: 0, bytes: 4 });
  });

  test.each(['in the trash', 'outside it'])('is not needed to destroy a note that is %s', async (where) => {
    const user = service.newUser();
    const id = await create(user, { title: 'a' });
    if (where === 'in the trash') await user.remove(id);
    const stale = await destroy(user, id, { 'If-Match': '"9"' });
    expect(stale.body).toMatchObject({ status: 412, current: { id, title: 'a' } });
    expect((await destroy(user, id)).status).toBe(204);
    expect((await destroy(user, id)).body).toMatchObject(notFound);
    expect((await restore(user, id)).body).toMatchObject(notFound);
    expect(await usage(user)).toMatchObject({ notes: 0, trashed: 0, versions: 0, bytes: 0 });
  });

  test.each([
    ['?permanent=yes', 400],
    ['?permanent=true&permanent=false', 400],
    ['?permanent=false', 204],
  ])('reads %s', async (query, status) => {
    const user = service.newUser();
    const id = await create(user, { title: 'a' });
    expect((await user.call('DELETE', `/api/notes/${id}${query}`)).status).toBe(status);
    expect((await trash(user)).body.items).toHaveLength(status === 204 ? 1 : 0);
  });

  test('answers 404 to a note that never was', async () => {
    const user = service.newUser();
    for (const id of [randomUUID(), 'x']) {
      for (const answer of [await user.remove(id), await destroy(user, id), await restore(user, id)])
        expect(answer.body).toMatchObject(notFound);
    }
  });
});

const changes: [string, (user: User, id: string, headers: object) => ReturnType<User['get']>][] = [
  ['a deletion', (user, id, headers) => user.remove(id, { ...headers })],
  ['a change', (user, id, headers) => user.patch(id, { title: 'b' }, { ...headers })],
  ['a permanent deletion', destroy],
  ['the restore of a version', (user, id, headers) => restoreVersion(user, id, 1, headers)],
  ['the restore of a note', restore],
];

describe('the purge of the trash', () => {
  const month = 30 * 86_400_000;
  const purge = (at = service) => at.runJob('purge of the trash');

  test('destroys a note 30 days after its deletion, and not before', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'a', content: 'b' });
    await user.patch(id, { content: 'c' });
    // Clocks are put forward in Europe and back in Australia within the 30 days.
    service.time.now = new Date('2027-03-20T01:30:00.000Z');
    const inSpring = service.userHere(user);
    await inSpring.remove(id);
    await create(inSpring, { title: 'kept' });
    service.advance(month - 1);
    await purge();
    const later = service.userHere(user);
    expect((await trash(later)).body.items).toHaveLength(1);
    service.advance(1);
    expect([await purge(), await purge()]).toEqual([true, false]);
    expect((await trash(later)).body.items).toEqual([]);
    expect((await restore(later, id)).body).toMatchObject(notFound);
    expect(await usage(later)).toMatchObject({ notes: 1, trashed: 0, versions: 0, bytes: 4 });
  });

  test('leaves notes that were restored, or deleted again later, and those of erased users', async () => {
    const [user, erased] = [service.newUser(), service.newUser()];
    const [restored, again] = [await create(user, { title: 'a' }), await create(user, { title: 'b' })];
    for (const id of [restored, again]) await user.remove(id);
    await erased.remove(await create(erased, { title: 'c' }));
    await service.erase(erased.id);
    await restore(user, restored);
    service.advance(month / 2);
    const later = service.userHere(user);
    await restore(later, again);
    await later.remove(again);
    service.advance(month / 2);
    await purge();
    const last = service.userHere(user);
    expect((await last.get(restored)).status).toBe(200);
    expect(titles(await trash(last))).toEqual(['b']);
    expect((await service.owner(erased.id)).data).toMatchObject({ isErased: true, notes: 0 });
  });

  test('destroys each note once when two instances run it at once', async () => {
    const users = Array.from({ length: 3 }, () => service.newUser());
    for (const user of users)
      for (const title of ['a', 'b']) await user.remove(await create(user, { title }));
    service.advance(month);
    const other = await startService({ beside: service });
    await Promise.all([purge(), purge(other), purge()]);
    await other.close();
    for (const user of users)
      expect(await usage(service.userHere(user))).toMatchObject({ trashed: 0, versions: 0, bytes: 0 });
  });

  test('takes many notes of a user in several transactions', async () => {
    const user = service.newUser();
    const { time, databaseUrl } = service;
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    await database.query('insert into owners (id, rev, trashed, bytes) values ($1, 7, 1100, 1100)', [
      user.id,
    ]);
    await database.query(
      `insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at, deleted_at)
       select gen_random_uuid(), $1, 'a', '', '{}', false, false, 1, $2, $2, $2 from generate_series(1, 1100)`,
      [user.id, time.now],
    );
    service.advance(month);
    await purge();
    expect(await usage(service.userHere(user))).toMatchObject({ notes: 0, trashed: 0, bytes: 0 });
    const { rows } = await database.query(
      'select count(*)::int as notes, count(distinct rev)::int as revs from destroyed_notes where user_id = $1',
      [user.id],
    );
    expect(rows).toEqual([{ notes: 1100, revs: 3 }]);
    await database.end();
  });
});

describe('preconditions', () => {
  test.each(changes)('hold for %s', async (_what, change) => {
    const user = service.newUser();
    const id = await create(user, { title: 'a' });
    await user.patch(id, { pinned: true });
    const { status, body } = await change(user, id, { 'If-Match': '"1"' });
    expect(status).toBe(412);
    expect(body).toMatchObject({ code: 'precondition_failed', current: { id, version: 2, deletedAt: null } });
    expect((await user.get(id)).body.version).toBe(2);
    expect((await change(user, id, { 'If-Match': '"2"' })).status).toBeLessThan(300);
  });

  test('hold for the restore from the trash, with the note that is there', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'a' });
    await user.remove(id);
    const { status, body } = await restore(user, id, { 'If-Match': '"1"' });
    expect([status, body.current.version]).toEqual([412, 2]);
    expect(body.current.deletedAt).toBe(service.time.now.toISOString());
    expect((await restore(user, id, { 'If-Match': '"2"' })).status).toBe(200);
  });
});

test('a service that keeps no versions any more does not show older ones with other texts', async () => {
  const before = await startService();
  const user = before.newUser();
  const id = await create(user, { title: 'a', content: 'one' });
  await user.patch(id, { pinned: true });
  const without = await startService({
    beside: before,
    limits: { notes: 5, bytes: 3_000, versionsPerNote: 0 },
  });
  const again = without.withAccessVersion(user, 1);
  await again.patch(id, { content: 'two' });
  expect(await versionsOf(again, id)).toEqual([3]);
  expect(await usage(again)).toMatchObject({ versions: 0, bytes: 4 });
  await without.close();
  await before.close();
});

describe('a service with REQUIRE_IF_MATCH', () => {
  let strict: Service;
  beforeAll(async () => {
    strict = await startService({ environment: { REQUIRE_IF_MATCH: 'true' } });
  });
  afterAll(() => strict.close());

  test.each(changes)('refuses %s without If-Match, after a 404', async (_what, change) => {
    const user = strict.newUser();
    const id = await create(user, { title: 'a' });
    const refused = await change(user, id, {});
    expect(refused.body).toMatchObject({ status: 428, code: 'precondition_required' });
    expect((await change(user, id, { 'If-None-Match': '"7"' })).status).toBe(428);
    expect((await change(user, randomUUID(), {})).body).toMatchObject(notFound);
    expect((await user.get(id)).body.version).toBe(1);
    expect((await change(user, id, { 'If-Match': '"1"' })).status).toBeLessThan(300);
  });
});

describe('the limits of a user', () => {
  test('count the notes, those in the trash included', async () => {
    const user = service.newUser();
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push(await create(user, { title: `n${i}` }));
    await user.remove(ids[0]!);
    const refused = await user.create({ title: 'one too many' });
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'note_limit_reached',
      detail: 'The limit is 5 notes.',
    });
    expect(await usage(user)).toEqual({
      notes: 4,
      trashed: 1,
      versions: 1,
      bytes: 10,
      limits: { notes: 5, bytes: 3_000, versionsPerNote: 4 },
    });
    await destroy(user, ids[0]!);
    expect((await user.create({ title: 'in its place' })).status).toBe(201);
  });

  test('hold for concurrent requests', async () => {
    const user = service.newUser();
    const answers = await Promise.all(Array.from({ length: 12 }, () => user.create({ title: 'a' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.filter(({ body }) => body.code === 'note_limit_reached')).toHaveLength(7);
  });

  test('count the bytes of texts and versions, in UTF-8', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'é', content: '京'.repeat(400), tags: ['ä', 'b'] });
    expect(await usage(user)).toMatchObject({ bytes: 2 + 1_200 + 3 });
    await user.patch(id, { content: 'x'.repeat(1_000) });
    expect(await usage(user)).toMatchObject({ bytes: 2 + 1_000 + 3 + 1_200 });
    const refused = await user.patch(id, { content: '' });
    expect(refused.status).toBe(200);
    const tooMuch = await user.patch(id, { content: 'y'.repeat(800) });
    expect(tooMuch.body).toMatchObject({
      status: 409,
      code: 'storage_limit_reached',
      detail: 'The limit is 3000 bytes.',
    });
    expect((await user.get(id)).body).toMatchObject({ version: 3, content: '' });
    expect(await versionsOf(user, id)).toEqual([3, 2, 1]);
  });

  test('permit a change that replaces the oldest version by one of the same size', async () => {
    const user = service.newUser();
    const id = await create(user, { title: 'a', content: '0'.repeat(580) });
    for (let i = 1; i <= 7; i++) {
      const { status } = await user.patch(id, { content: String(i).repeat(580) });
      expect(status).toBe(200);
    }
    expect(await usage(user)).toMatchObject({ versions: 4, bytes: 1 + 5 * 580 });
  });

  test('leave a user without notes at nothing', async () => {
    expect(await usage(service.newUser())).toMatchObject({ notes: 0, trashed: 0, versions: 0, bytes: 0 });
  });
});

test('an erasure destroys the trash and all versions, and counts them', async () => {
  const user = service.newUser();
  const id = await create(user, { title: 'a' });
  await user.patch(id, { title: 'b' });
  await user.remove(await create(user, { title: 'c' }));
  const { data } = await service.erase(user.id);
  expect(data).toEqual({ notes: 2, trashed: 1, versions: 2, idempotencyKeys: 0 });
  expect((await service.erase(user.id)).data).toEqual(data);
});

describe('a note that comes back with an import', () => {
  /** The only line of an export. */
  const exported = async ({ token }: User) => {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${service.client.baseUrl}/api/notes/export?versions=true`, { headers });
    return (await answer.json()) as object;
  };
  const importLines = (user: User, ...notes: object[]) =>
    user.call('POST', '/api/notes/import', {
      body: notes.map((note) => JSON.stringify(note)).join('\n'),
      headers: { 'Content-Type': 'application/x-ndjson' },
    });

  test('has a later version than before it was destroyed, so that no entity tag names two texts', async () => {
    const user = service.newUser();
    const { body: first } = await user.create({ title: 'a' });
    const { body: second } = await user.patch(first.id, { title: 'b' });
    await destroy(user, first.id);
    expect((await importLines(user, first)).body).toMatchObject({ imported: 1 });
    expect((await user.get(first.id)).body).toMatchObject({ title: 'a', version: 3 });
    const stale = await user.patch(first.id, { title: 'c' }, { 'If-Match': `"${second.version}"` });
    expect(stale.status).toBe(412);
  });

  test.each([
    ['change', (user: User, id: string) => user.patch(id, { tags: [] })],
    ['rename of its tag', (user: User) => user.call('PATCH', '/api/notes/tags/x', { body: { name: 'y' } })],
  ])('keeps its versions at a %s, although their numbers are much smaller', async (_what, change) => {
    const user = service.newUser();
    const id = await create(user, { title: 'a', content: 'one', tags: ['x'] });
    for (const content of ['two', 'three']) await user.patch(id, { content });
    const line = await exported(user);
    for (let i = 0; i < 7; i++) await user.patch(id, { pinned: i % 2 === 0 });
    await destroy(user, id);
    expect((await importLines(user, line)).body).toMatchObject({ imported: 1 });
    expect(await versionsOf(user, id)).toEqual([11, 2, 1]);
    await change(user, id);
    expect(await versionsOf(user, id)).toEqual([12, 11, 2, 1]);
    expect((await readVersion(user, id, 2)).body).toMatchObject({ content: 'two', tags: ['x'] });
    for (const title of ['b', 'c']) await user.patch(id, { title });
    expect(await versionsOf(user, id)).toEqual([14, 13, 12, 11, 2]);
    expect(await usage(user)).toMatchObject({ versions: 4 });
  });

  test('has as many of the versions of a line as are kept, whatever their numbers are', async () => {
    const user = service.newUser();
    const version = (number: number) => ({
      version: number,
      content: `content ${number}`,
      pinned: false,
      archived: false,
      createdAt: '2020-01-01T00:00:00.000Z',
    });
    const id = randomUUID();
    const numbers = [950, 5, 700, 1, 3, 2];
    await importLines(user, { id, title: 'a', version: 1_000, versions: numbers.map(version) });
    expect(await versionsOf(user, id)).toEqual([1_000, 950, 700, 5, 3]);
    expect((await readVersion(user, id, 5)).body).toMatchObject({ content: 'content 5' });
  });

  test('may be older than 1970, and is on its page of a list', async () => {
    const user = service.newUser();
    const notes = ['0001-01-01T00:00:00.000Z', '1965-05-05T00:00:00.000Z', '1969-12-31T23:59:59.999Z'].map(
      (time) => ({ title: `word ${time}`, createdAt: time, updatedAt: time }),
    );
    expect((await importLines(user, ...notes)).body).toMatchObject({ imported: 3 });
    const expected = notes.map(({ title }) => title);
    expect(await titlesOnAllPages(user, 'sort=createdAt')).toEqual(expected);
    expect((await titlesOnAllPages(user, 'search=word')).toSorted()).toEqual(expected);
    expect(titles(await user.list('?from=1960-01-01&sort=updatedAt'))).toEqual(expected.slice(1));
  });
});
