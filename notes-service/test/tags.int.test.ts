import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { statuses } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { startService, titles, type Service, type User } from './service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ limits: { notes: 100, bytes: 10_000, versionsPerNote: 2 } });
});
afterAll(() => service.close());

const pathOf = (tag: string) => `/api/notes/tags/${encodeURIComponent(tag)}`;
const rename = (user: User, tag: string, name: unknown) =>
  user.call('PATCH', pathOf(tag), { body: { name } });
const remove = (user: User, tag: string) => user.call('DELETE', pathOf(tag));
const tagsOf = async (user: User, id: string): Promise<string[]> => (await user.get(id)).body.tags;
const create = async (user: User, ...tags: string[]): Promise<string> =>
  (await user.create({ title: 'a', tags })).body.id;
const usage = async (user: User) => (await user.call('GET', '/api/notes/usage')).body;
const version = (user: User, id: string, number: number) =>
  user.call('GET', `/api/notes/${id}/versions/${number}`);
const manyTags = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);

async function listed(user: User): Promise<[string, number][]> {
  const { body } = await user.call('GET', '/api/notes/tags');
  return body.items.map(({ tag, count }: { tag: string; count: number }) => [tag, count]);
}

describe('the list of tags', () => {
  test('counts the notes outside the trash, archived ones included, by code point', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    await create(user, 'b', 'é', 'a b');
    await user.create({ title: 'archived', tags: ['b'], archived: true });
    await user.remove(await create(user, 'b', 'gone'));
    await create(other, 'z');
    const { body } = await user.call('GET', '/api/notes/tags');
    expect(body).toEqual({
      items: [
        { tag: 'a b', count: 1 },
        { tag: 'b', count: 2 },
        { tag: 'é', count: 1 },
      ],
      page: { limit: 10_000, nextCursor: null },
    });
    expect(await listed(service.newUser())).toEqual([]);
  });

  test('continues after 10,000 tags', async () => {
    const user = service.newUser();
    const database = new pg.Client({ connectionString: service.databaseUrl });
    await database.connect();
    await database.query(
      `insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at)
       select gen_random_uuid(), $1, 'a', '', array(select 't' || 1000000 + 100 * n + tag from generate_series(1, 50) as tag),
         false, false, 1, now(), now()
       from generate_series(1, 201) as n`,
      [user.id],
    );
    await database.end();
    const first = (await user.call('GET', '/api/notes/tags')).body;
    expect(first.items).toHaveLength(10_000);
    const rest = (await user.call('GET', `/api/notes/tags?cursor=${first.page.nextCursor}`)).body;
    expect(rest.page.nextCursor).toBeNull();
    expect(rest.items).toHaveLength(50);
    expect(rest.items[0]).toEqual({ tag: 't1020101', count: 1 });
  });

  test('refuses a cursor of another list', async () => {
    const user = service.newUser();
    await create(user);
    await create(user);
    const { nextCursor } = (await user.list('?limit=1')).body.page;
    const answer = await user.call('GET', `/api/notes/tags?cursor=${nextCursor}`);
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });
});

describe('the rename of a tag', () => {
  test('changes all notes outside the trash, as one change each', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    const id = await create(user, 'x', 'old', 'y');
    const archived: string = (await user.create({ title: 'b', tags: ['old'], archived: true })).body.id;
    const without = await create(user, 'olds');
    const ofOther = await create(other, 'old');
    const before = (await user.get(id)).body;
    service.advance(1_000);
    expect((await rename(user, 'old', 'new')).body).toEqual({ changed: 2 });
    const { body: note, headers } = await user.get(id);
    expect(headers['etag']).toBe('"2"');
    const updatedAt = service.time.now.toISOString();
    expect(note).toEqual({ ...before, tags: ['x', 'new', 'y'], version: 2, updatedAt });
    expect((await user.get(archived)).body).toMatchObject({ tags: ['new'], archived: true, version: 2 });
    expect((await user.get(without)).body).toMatchObject({ tags: ['olds'], version: 1 });
    expect((await other.get(ofOther)).body).toMatchObject({ tags: ['old'], version: 1 });
    expect(await listed(user)).toEqual([
      ['new', 2],
      ['olds', 1],
      ['x', 1],
      ['y', 1],
    ]);
  });

  test('moves the notes in searches and lists', async () => {
    const user = service.newUser();
    await create(user, 'groceries');
    await rename(user, 'groceries', 'household');
    for (const query of ['?tag=household', '?search=household'])
      expect(titles(await user.list(query))).toEqual(['a']);
    for (const query of ['?tag=groceries', '?search=groceries'])
      expect(titles(await user.list(query))).toEqual([]);
  });

  test('keeps the version before it, which can be restored with its tags', async () => {
    const user = service.newUser();
    const id = await create(user, 'old');
    const { createdAt } = (await user.get(id)).body;
    service.advance(1_000);
    await rename(user, 'old', 'new');
    expect((await version(user, id, 1)).body).toMatchObject({ title: 'a', tags: ['old'], createdAt });
    const changedAt = service.time.now.toISOString();
    expect((await version(user, id, 2)).body).toMatchObject({ tags: ['new'], createdAt: changedAt });
    const restored = await user.call('POST', `/api/notes/${id}/versions/1/restore`);
    expect(restored.body).toMatchObject({ version: 3, tags: ['old'] });
  });

  test('makes a change with the ETag from before it fail', async () => {
    const user = service.newUser();
    const id = await create(user, 'old');
    await rename(user, 'old', 'new');
    const stale = await user.patch(id, { title: 'b' }, { 'If-Match': '"1"' });
    expect(stale.body).toMatchObject({ status: 412, current: { version: 2, tags: ['new'] } });
  });

  test('keeps the limit of versions, and counts what is stored', async () => {
    const user = service.newUser();
    const id = await create(user, 'a', 'x');
    for (const [tag, name] of [
      ['a', 'bb'],
      ['bb', 'ccc'],
      ['ccc', 'éé'],
    ] as const)
      await rename(user, tag, name);
    const { body } = await user.call('GET', `/api/notes/${id}/versions`);
    expect(body.items.map((each: { version: number }) => each.version)).toEqual([4, 3, 2]);
    expect((await version(user, id, 2)).body).toMatchObject({ title: 'a', tags: ['bb', 'x'] });
    // The title and the tags of the note, and the tags of two versions.
    expect(await usage(user)).toMatchObject({ notes: 1, versions: 2, bytes: 1 + 5 + 3 + 4 });
  });

  test.each([
    [
      ['x', 'old', 'new', 'y'],
      ['x', 'new', 'y'],
    ],
    [
      ['new', 'x', 'old'],
      ['new', 'x'],
    ],
    [
      ['old', 'x', 'new'],
      ['new', 'x'],
    ],
  ])('merges with a tag that %j has, at the first of both places', async (tags, expected) => {
    const user = service.newUser();
    const ids = [await create(user, ...tags), await create(user, 'old'), await create(user, 'new')];
    expect((await rename(user, 'old', 'new')).body).toEqual({ changed: 2 });
    expect(await Promise.all(ids.map((id) => tagsOf(user, id)))).toEqual([expected, ['new'], ['new']]);
    expect((await listed(user)).find(([tag]) => tag === 'new')).toEqual(['new', 3]);
    expect((await user.get(ids[2]!)).body.version).toBe(1);
  });

  test('leaves a note that has as many tags as permitted with as many', async () => {
    const user = service.newUser();
    const id = await create(user, ...manyTags(50));
    expect((await rename(user, 't7', 'other')).body).toEqual({ changed: 1 });
    expect(await tagsOf(user, id)).toEqual(manyTags(50).with(7, 'other'));
    await rename(user, 't9', 't20');
    expect(await tagsOf(user, id)).toHaveLength(49);
  });

  test.each([
    ['İ', 'İ'],
    ['ÖKONOMIE', 'Ökonomie'],
    ['o\u0308konomie', 'Ökonomie'],
    ['\u212B', 'Å'],
    [' Work ', 'wORK'],
    ['한글', '한글'.normalize('NFD')],
  ])('finds %j in a note with the tag %j', async (tag, kept) => {
    const user = service.newUser();
    const id = await create(user, kept);
    const [folded] = await tagsOf(user, id);
    expect((await rename(user, tag, ` ${tag.toUpperCase().normalize('NFD')} `)).body).toEqual({ changed: 0 });
    expect((await user.get(id)).body).toMatchObject({ tags: [folded], version: 1 });
    expect((await rename(user, tag, 'New')).body).toEqual({ changed: 1 });
    expect(await tagsOf(user, id)).toEqual(['new']);
    expect((await rename(user, 'new', tag)).body).toEqual({ changed: 1 });
    expect(await tagsOf(user, id)).toEqual([folded]);
    expect((await remove(user, tag)).body).toEqual({ changed: 1 });
  });

  test('changes nothing if no note has the tag', async () => {
    const user = service.newUser();
    const id = await create(user, 'kept');
    await user.remove(await create(user, 'trashed'));
    for (const tag of ['nobody', 'trashed']) {
      expect((await rename(user, tag, 'new')).body).toEqual({ changed: 0 });
      expect((await remove(user, tag)).body).toEqual({ changed: 0 });
    }
    expect((await user.get(id)).body.version).toBe(1);
    expect((await rename(service.newUser(), 'kept', 'new')).body).toEqual({ changed: 0 });
  });

  test.each([
    ['51 characters', 'x'.repeat(51)],
    ['51 characters after folding', 'İ'.repeat(26)],
    ['a comma', 'a,b'],
    ['nothing', ''],
    ['blanks', '  '],
    ['no visible character', '\u2800'],
    ['a control character', 'a\u0007'],
    ['NUL', 'a\0'],
    ['a lone surrogate', '\ud800'],
    ['a number', 7],
    ['null', null],
  ])('refuses a name of %s', async (_what, name) => {
    const user = service.newUser();
    const id = await create(user, 'old');
    const { body } = await rename(user, 'old', name);
    expect(body).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path: 'body.name' }] });
    expect(await tagsOf(user, id)).toEqual(['old']);
  });

  test('accepts a name of 50 characters outside the Basic Multilingual Plane', async () => {
    const user = service.newUser();
    const id = await create(user, 'old');
    expect((await rename(user, 'old', '🌲'.repeat(50))).body).toEqual({ changed: 1 });
    expect(await tagsOf(user, id)).toEqual(['🌲'.repeat(50)]);
  });

  test.each(['x'.repeat(51), 'a,b', ' ', '\u2800', 'a\u0007', '\0'])(
    'answers 404 to %j, which cannot be a tag',
    async (tag) => {
      const user = service.newUser();
      for (const { body } of [await rename(user, tag, 'new'), await remove(user, tag)])
        expect(body).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  test('changes nothing where it would pass the limit of storage', async () => {
    const user = service.newUser();
    const ids = [await create(user, 'x'), await create(user, 'x')];
    await user.create({ title: 'b', content: 'y'.repeat(9_900) });
    const before = await usage(user);
    const { body } = await rename(user, 'x', 'long'.repeat(12));
    expect(body).toMatchObject({ status: 409, code: 'storage_limit_reached' });
    expect(await usage(user)).toEqual(before);
    for (const id of ids) {
      expect((await user.get(id)).body).toMatchObject({ tags: ['x'], version: 1 });
      expect((await version(user, id, 2)).status).toBe(404);
    }
    expect((await rename(user, 'x', 'yy')).body).toEqual({ changed: 2 });
  });

  test('and other changes at the same time all happen, one after the other', async () => {
    const user = service.newUser();
    const ids = await Promise.all(Array.from({ length: 4 }, () => create(user, 'old')));
    const answers = await Promise.all([
      rename(user, 'old', 'new'),
      ...ids.map((id) => user.patch(id, { title: 'b' })),
      rename(user, 'old', 'other'),
    ]);
    expect(new Set(statuses(answers))).toEqual(new Set([200]));
    const notes = await Promise.all(ids.map(async (id) => (await user.get(id)).body));
    expect(notes).toEqual(
      ids.map((id) => expect.objectContaining({ id, title: 'b', version: 3, tags: notes[0].tags })),
    );
    expect(answers[0].body.changed + answers.at(-1)!.body.changed).toBe(4);
  });
});

describe('the removal of a tag', () => {
  test('takes it from all notes outside the trash, and keeps the version before', async () => {
    const user = service.newUser();
    const ids = [await create(user, 'x', 'old', 'y'), await create(user, 'old')];
    const trashed = await create(user, 'old');
    await user.remove(trashed);
    service.advance(1_000);
    expect((await remove(user, 'old')).body).toEqual({ changed: 2 });
    expect((await user.get(ids[0]!)).body).toMatchObject({
      tags: ['x', 'y'],
      version: 2,
      updatedAt: service.time.now.toISOString(),
    });
    expect((await user.get(ids[1]!)).body).toMatchObject({ tags: [], version: 2 });
    expect((await version(user, ids[0]!, 1)).body.tags).toEqual(['x', 'old', 'y']);
    expect((await remove(user, 'old')).body).toEqual({ changed: 0 });
    const restored = await user.call('POST', `/api/notes/${trashed}/restore`);
    expect(restored.body).toMatchObject({ tags: ['old'] });
    expect(await usage(user)).toMatchObject({ notes: 3, versions: 4, bytes: 3 + 2 + 3 + 5 + 3 });
  });
});

test.each([
  ['a/b', 'a%2Fb'],
  ['..', '%2E%2E'],
  ['.', '%2e'],
  ['a\\b', 'a%5Cb'],
  ['100%', '100%25'],
  ['%2f', '%252F'],
  ['%2f', '%252f'],
  ['?', '%3F'],
  ['#', '%23'],
  ['a;b', 'a;b'],
  ['a+b', 'a+b'],
  ['a b', 'a%20b'],
  ['tags', 'tags'],
])('the tag %j is addressed as %s', async (tag, encoded) => {
  const user = service.newUser();
  const id = await create(user, tag, 'other');
  const { body } = await user.call('DELETE', `/api/notes/tags/${encoded}`);
  expect(body).toEqual({ changed: 1 });
  expect(await tagsOf(user, id)).toEqual(['other']);
});
