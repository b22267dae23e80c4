import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { startService, titles, type Service, type User } from './service.ts';

let service: Service;
let database: pg.Client;
beforeAll(async () => {
  service = await startService({ limits: { notes: 300, bytes: 20_000_000, versionsPerNote: 4 } });
  database = new pg.Client({ connectionString: service.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await service.close();
});

const batch = (user: User, operations: unknown[], { atomic = false, headers = {} } = {}) =>
  user.call('POST', '/api/notes/batch', { body: { atomic, operations }, headers });
const outcomes = ({ body }: { body: { results: { status: number; body: { code?: string } | null }[] } }) =>
  body.results.map((result) => result.body?.code ?? result.status);
const newNote = async (user: User, note: object = { title: 'a' }) => (await user.create(note)).body;
const allTitles = async (user: User) => titles(await user.list('?archived=any&sort=createdAt'));
const usage = async (user: User) => (await user.call('GET', '/api/notes/usage')).body;

describe('a batch', () => {
  test('creates, changes, deletes and restores notes, and returns each result in order', async () => {
    const user = service.newUser();
    const [a, b, c, d] = [await newNote(user), await newNote(user), await newNote(user), await newNote(user)];
    await user.remove(c.id);
    const { status, body } = await batch(user, [
      { op: 'create', note: { title: 'new', tags: ['X'] } },
      { op: 'update', id: a.id, ifMatch: '"1"', note: { title: 'changed' } },
      { op: 'delete', id: b.id, ifMatch: 1 },
      { op: 'restore', id: c.id },
      { op: 'delete', id: d.id, permanent: true },
    ]);
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { status: 201, body: { title: 'new', tags: ['x'], version: 1 } },
      { status: 200, body: { id: a.id, title: 'changed', version: 2 } },
      { status: 204, body: null },
      { status: 200, body: { id: c.id, version: 3, deletedAt: null } },
      { status: 204, body: null },
    ]);
    expect((await user.get(body.results[0].body.id)).body).toEqual(body.results[0].body);
    expect((await user.get(a.id)).body).toEqual(body.results[1].body);
    expect(titles(await user.call('GET', '/api/notes/trash'))).toEqual(['a']);
    expect(await usage(user)).toMatchObject({ notes: 3, trashed: 1 });
  });

  test('refuses single operations as they would be alone, and carries out the others', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    const note = await newNote(user, { title: 'kept', content: 'text' });
    const { id: ofOther } = await newNote(other);
    const answer = await batch(user, [
      { op: 'update', id: randomUUID(), note: {} },
      { op: 'update', id: 'no id', note: {} },
      { op: 'delete', id: ofOther },
      { op: 'restore', id: ofOther },
      { op: 'update', id: note.id, ifMatch: '"9"', note: { title: 'lost' } },
      { op: 'delete', id: note.id, ifMatch: 9, permanent: true },
      { op: 'update', id: note.id, ifMatch: '1', note: { title: 'lost' } },
      { op: 'create', note: { title: '', colour: 'red' } },
      { op: 'update', id: note.id, note: { tags: ['a,b'] } },
      { op: 'create', note: {} },
      { op: 'create', note: { title: 'made' } },
    ]);
    expect(outcomes(answer)).toEqual([
      ...Array.from({ length: 4 }, () => 'not_found'),
      ...Array.from({ length: 3 }, () => 'precondition_failed'),
      ...Array.from({ length: 3 }, () => 'validation_failed'),
      201,
    ]);
    const { results } = answer.body;
    const type = 'https://notes.example.com/problems#precondition_failed';
    expect(results[4]).toMatchObject({ status: 412, body: { type, current: note } });
    const paths = [7, 8, 9].map((index) =>
      results[index].body.errors.map(({ path }: { path: string }) => path),
    );
    expect(paths).toEqual([
      ['body.operations.7.note.title', 'body.operations.7.note.colour'],
      ['body.operations.8.note.tags.0'],
      ['body.operations.9.note'],
    ]);
    const alone = await user.patch(note.id, { title: 'lost' }, { 'If-Match': '"9"' });
    expect(results[4].body).toEqual({ ...alone.body, requestId: answer.headers['x-request-id'] });
    expect(await allTitles(user)).toEqual(['kept', 'made']);
    expect((await other.get(ofOther)).status).toBe(200);
  });

  test('lets operations on one note see each other, and keeps the versions between them', async () => {
    const user = service.newUser();
    const { id } = await newNote(user, { title: 'one' });
    const answer = await batch(user, [
      { op: 'update', id, ifMatch: 1, note: { title: 'two' } },
      { op: 'update', id, ifMatch: 1, note: { title: 'lost' } },
      { op: 'update', id, ifMatch: 2, note: { title: 'three' } },
      { op: 'delete', id },
      { op: 'update', id, note: { title: 'lost' } },
      { op: 'restore', id },
      { op: 'update', id, note: { title: 'four' } },
    ]);
    expect(outcomes(answer)).toEqual([200, 'precondition_failed', 200, 204, 'not_found', 200, 200]);
    expect(answer.body.results[1].body.current).toMatchObject({ version: 2, title: 'two' });
    const versions = await user.call('GET', `/api/notes/${id}/versions`);
    expect(titles(versions)).toEqual(['four', 'three', 'three', 'three', 'two']);
  });

  test('changes all notes with one revision of the owner', async () => {
    const user = service.newUser();
    await batch(user, [
      { op: 'create', note: { title: 'a' } },
      { op: 'create', note: { title: 'b' } },
    ]);
    const sql = 'select distinct rev from notes where user_id = $1';
    expect((await database.query(sql, [user.id])).rows).toHaveLength(1);
  });

  test.each<[string, object, string]>([
    ['without operations', {}, 'body.operations'],
    ['with no operation', { operations: [] }, 'body.operations'],
    [
      'with 101 operations',
      { operations: Array.from({ length: 101 }, () => ({ op: 'delete', id: 'x' })) },
      'body.operations',
    ],
    ['with an unknown operation', { operations: [{ op: 'move', id: 'x' }] }, 'body.operations.0.op'],
    ['without an id', { operations: [{ op: 'delete' }] }, 'body.operations.0.id'],
    ['without a note', { operations: [{ op: 'update', id: 'x' }] }, 'body.operations.0.note'],
    ['with a list as a note', { operations: [{ op: 'create', note: [] }] }, 'body.operations.0.note'],
    [
      'with an unknown field',
      { operations: [{ op: 'restore', id: 'x', note: {} }] },
      'body.operations.0.note',
    ],
    [
      'with a list as ifMatch',
      { operations: [{ op: 'delete', id: 'x', ifMatch: [] }] },
      'body.operations.0.ifMatch',
    ],
    ['with atomic as a text', { atomic: 'no', operations: [{ op: 'delete', id: 'x' }] }, 'body.atomic'],
  ])('is refused as a whole %s', async (_what, body, path) => {
    const user = service.newUser();
    const created = { op: 'create', note: { title: 'lost' } };
    const { operations } = body as { operations?: object[] };
    const sent =
      operations === undefined || operations.length !== 1
        ? body
        : { ...body, operations: [...operations, created] };
    const answer = await user.call('POST', '/api/notes/batch', { body: sent });
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path }] });
    expect(await allTitles(user)).toEqual([]);
  });

  test('changes nothing at all when the database fails in the middle', async () => {
    const user = service.newUser();
    const { id } = await newNote(user, { title: 'before' });
    const before = await usage(user);
    await database.query(
      `alter table notes add constraint refuses check (user_id <> '${user.id}' or title <> 'fails') not valid`,
    );
    const answer = await batch(user, [
      { op: 'update', id, note: { title: 'after' } },
      { op: 'create', note: { title: 'fails' } },
      { op: 'create', note: { title: 'never' } },
    ]);
    await database.query('alter table notes drop constraint refuses');
    expect(answer.status).toBe(500);
    expect(await allTitles(user)).toEqual(['before']);
    expect(await usage(user)).toEqual(before);
  });

  test('applies the limits to each operation, and a refused one counts nothing', async () => {
    const user = service.newUser();
    const { id } = await newNote(user, { content: 'a'.repeat(100_000) });
    // Room for 150,000 more bytes: for the new content, but not for the version before it as well.
    await database.query('update owners set bytes = 19850000, notes = 299 where id = $1', [user.id]);
    const answer = await batch(user, [
      { op: 'update', id, note: { content: '\u00e9'.repeat(100_000) } },
      { op: 'create', note: { title: 'the last one' } },
      { op: 'create', note: { title: 'one too many' } },
      { op: 'update', id, note: { pinned: true } },
    ]);
    expect(outcomes(answer)).toEqual(['storage_limit_reached', 201, 'note_limit_reached', 200]);
    expect(await usage(user)).toMatchObject({ notes: 300, bytes: 19_850_000 + 12, versions: 1 });
  });

  test('returns contents up to 4 MiB, and the notes after that without their contents', async () => {
    const user = service.newUser();
    // JSON escapes a control character with six bytes.
    const content = '\u0001'.repeat(100_000);
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) ids.push((await newNote(user, { title: 'a', content })).id);
    const { body } = await batch(user, [
      ...ids.map((id) => ({ op: 'update', id, note: { pinned: true } })),
      { op: 'update', id: ids[0], ifMatch: 7, note: {} },
      { op: 'create', note: { content: 'short' } },
    ]);
    const lengths = body.results.map(
      ({
        body: { content: text, current },
      }: {
        body: { content?: string; current?: { content?: string } };
      }) => (text ?? current?.content)?.length,
    );
    expect(lengths).toEqual([...Array(6).fill(100_000), ...Array(3).fill(undefined), 5]);
    expect(body.results[7].body).toMatchObject({ id: ids[7], pinned: true, version: 2 });
    expect(body.results[8].body).toMatchObject({ code: 'precondition_failed', current: { version: 2 } });
    expect((await user.get(ids[7]!)).body).toMatchObject({ content, pinned: true });
  });

  test('is refused without an access token and after the erasure of the user', async () => {
    const user = service.newUser();
    const body = { operations: [{ op: 'create', note: { title: 'a' } }] };
    expect((await service.client.call('POST', '/api/notes/batch', { body })).status).toBe(401);
    await service.erase(user.id);
    expect((await batch(user, body.operations)).body).toMatchObject({ status: 401, code: 'token_revoked' });
  });
});

describe('an atomic batch', () => {
  test('carries out all operations', async () => {
    const user = service.newUser();
    const { id } = await newNote(user, { title: 'a' });
    const operations = [
      { op: 'update', id, note: { title: 'b' } },
      { op: 'create', note: { title: 'c' } },
    ];
    expect(outcomes(await batch(user, operations, { atomic: true }))).toEqual([200, 201]);
    expect(await allTitles(user)).toEqual(['b', 'c']);
  });

  test.each<[string, object, object]>([
    ['an invalid note', { op: 'create', note: { title: '' } }, { status: 400, code: 'validation_failed' }],
    ['an unknown note', { op: 'delete', id: 'x' }, { status: 404, code: 'not_found' }],
  ])(
    'changes nothing because of %s, and names the first refused operation',
    async (_what, refused, problem) => {
      const user = service.newUser();
      const { id } = await newNote(user, { title: 'a' });
      const before = await usage(user);
      const operations = [
        { op: 'update', id, note: { title: 'b' } },
        { op: 'create', note: { title: 'c' } },
        refused,
        { op: 'update', id: 'unknown', note: { title: 7 } },
      ];
      const { body } = await batch(user, operations, { atomic: true });
      expect(body).toMatchObject({ ...problem, index: 2 });
      expect(await allTitles(user)).toEqual(['a']);
      expect(await usage(user)).toEqual(before);
    },
  );

  test('shows the current note when a precondition fails', async () => {
    const user = service.newUser();
    const note = await newNote(user);
    const operations = [{ op: 'delete', id: note.id, ifMatch: 5 }];
    const { body } = await batch(user, operations, { atomic: true });
    expect(body).toMatchObject({ status: 412, code: 'precondition_failed', index: 0, current: note });
  });
});

describe('a batch with an Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': 'a' };

  test('is carried out once, and a repeat gets the first results', async () => {
    const user = service.newUser();
    const { id } = await newNote(user);
    const operations = [
      { op: 'create', note: { content: 'c' } },
      { op: 'update', id, ifMatch: 1, note: { title: 'b' } },
      { op: 'create', note: { title: '' } },
      { op: 'delete', id: 'x' },
    ];
    const first = await batch(user, operations, { headers });
    expect(outcomes(first)).toEqual([201, 200, 'validation_failed', 'not_found']);
    const sameRequest = [
      { note: { title: 'Untitled', content: 'c' }, op: 'create' },
      { op: 'update', id, ifMatch: '"1"', note: { title: 'b' } },
      { op: 'create', note: { title: '' } },
      { op: 'delete', id: 'x', permanent: false },
    ];
    const second = await batch(user, sameRequest, { headers });
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.body).toEqual(first.body);
    const other = await batch(user, operations.slice(1), { headers });
    expect(other.body).toMatchObject({ status: 409, code: 'idempotency_key_reused' });
    const create = await user.create({ content: 'c' }, headers);
    expect(create.body).toMatchObject({ status: 409, code: 'idempotency_key_reused' });
    expect(await allTitles(user)).toEqual(['b', 'Untitled']);
  });

  test('keeps no key when an atomic batch is refused', async () => {
    const user = service.newUser();
    const operations = [
      { op: 'create', note: { title: 'a' } },
      { op: 'delete', id: 'x' },
    ];
    expect((await batch(user, operations, { atomic: true, headers })).status).toBe(404);
    expect((await batch(user, operations.slice(0, 1), { headers })).status).toBe(200);
    expect(await allTitles(user)).toEqual(['a']);
  });
});

describe('a batch where If-Match is required', () => {
  test('refuses operations on existing notes without it', async () => {
    const strict = await startService({ beside: service, environment: { REQUIRE_IF_MATCH: 'true' } });
    const user = strict.newUser();
    const { id } = await newNote(user);
    const operations = [
      { op: 'create', note: { title: 'b' } },
      { op: 'update', id, note: {} },
      { op: 'delete', id },
      { op: 'restore', id },
      { op: 'delete', id, ifMatch: '*' },
    ];
    const required = Array.from({ length: 3 }, () => 'precondition_required');
    expect(outcomes(await batch(user, operations))).toEqual([201, ...required, 204]);
    await strict.close();
  });
});
