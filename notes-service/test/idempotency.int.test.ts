import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { startService, titles, type Service, type User } from './service.ts';

let service: Service;
let secondInstance: Service;
let database: pg.Client;
const limits = { notes: 50, bytes: 1_000_000, versionsPerNote: 4 };
beforeAll(async () => {
  service = await startService({ limits });
  secondInstance = await startService({ beside: service });
  database = new pg.Client({ connectionString: service.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await secondInstance.close();
  await service.close();
});

const day = 24 * 60 * 60_000;
const keyed = (key: string) => ({ 'Idempotency-Key': key });
const create = (user: User, body: object | string, key: string): Promise<Answer> =>
  user.call('POST', '/api/notes', { body, headers: keyed(key) });
const isReplayed = ({ headers }: Answer) => headers['idempotency-replayed'];
const allTitles = async (user: User) => titles(await user.list('?archived=any&sort=createdAt'));

async function keysOf({ id }: User): Promise<string[]> {
  const sql = 'select key from idempotency_keys where user_id = $1 order by key';
  return (await database.query<{ key: string }>(sql, [id])).rows.map(({ key }) => key);
}

async function number(sql: string, { id }: User): Promise<number> {
  return Number((await database.query<{ value: string }>(sql, [id])).rows[0]?.value);
}
const answerBytes = (user: User) => number('select answer_bytes as value from owners where id = $1', user);
const storedAnswerBytes = (user: User) =>
  number('select sum(octet_length(body)) as value from idempotency_keys where user_id = $1', user);

describe('a repeat with the same Idempotency-Key', () => {
  test('creates no other note and gets the first answer', async () => {
    const user = service.newUser();
    const first = await create(user, { title: 'once' }, 'a');
    const second = await create(user, { title: 'once' }, 'a');
    expect([first.status, isReplayed(first)]).toEqual([201, undefined]);
    expect([second.status, isReplayed(second)]).toEqual([201, 'true']);
    expect(second.body).toEqual(first.body);
    for (const name of ['location', 'etag', 'cache-control'])
      expect(second.headers[name]).toBe(first.headers[name]);
    expect(await allTitles(user)).toEqual(['once']);
  });

  test('gets the first answer after the note was changed, trashed and destroyed', async () => {
    const user = service.newUser();
    const { body: note } = await create(user, { title: 'once' }, 'a');
    for (const change of [
      () => user.patch(note.id, { title: 'changed' }),
      () => user.remove(note.id),
      () => user.call('DELETE', `/api/notes/${note.id}?permanent=true`),
    ]) {
      await change();
      expect((await create(user, { title: 'once' }, 'a')).body).toEqual(note);
    }
    expect((await user.get(note.id)).status).toBe(404);
  });

  test.each([
    ['in another order and with blanks', '{ "tags": ["x"],\n "title" : "Untitled", "content": "c" }'],
    ['without a member that has the default', '{"content":"c","tags":["x"]}'],
    ['with defaults written out', '{"content":"c","tags":["x"],"pinned":false,"archived":false}'],
    ['with a tag that is stored in the same form', '{"content":"c","tags":[" X "]}'],
    ['with escapes', '{"content":"\\u0063","tags":["x"]}'],
  ])('is the same request %s', async (_how, body) => {
    const user = service.newUser();
    const first = await create(user, { title: 'Untitled', content: 'c', tags: ['x'] }, 'a');
    const second = await create(user, body, 'a');
    expect([second.body, isReplayed(second)]).toEqual([first.body, 'true']);
  });

  test('is refused with another body, and changes nothing', async () => {
    const user = service.newUser();
    await create(user, { title: 'once' }, 'a');
    const { body } = await create(user, { title: 'twice' }, 'a');
    expect(body).toMatchObject({ status: 409, code: 'idempotency_key_reused' });
    expect(await allTitles(user)).toEqual(['once']);
    expect(isReplayed(await create(user, { title: 'once' }, 'a'))).toBe('true');
  });

  test('is another request of another user', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    await create(user, { title: 'once' }, 'a');
    const answer = await create(other, { title: 'of the other' }, 'a');
    expect([answer.status, isReplayed(answer)]).toEqual([201, undefined]);
    expect(await allTitles(other)).toEqual(['of the other']);
  });

  test('is carried out after 24 hours', async () => {
    const user = service.newUser();
    await create(user, { title: 'once' }, 'a');
    service.advance(day - 1);
    // With a token of that time.
    const later = service.userHere(user);
    expect(isReplayed(await create(later, { title: 'once' }, 'a'))).toBe('true');
    service.advance(1);
    expect(isReplayed(await create(later, { title: 'again' }, 'a'))).toBeUndefined();
    expect(isReplayed(await create(later, { title: 'again' }, 'a'))).toBe('true');
    expect(await allTitles(later)).toEqual(['once', 'again']);
  });

  test('changes nothing that a user can see', async () => {
    const user = service.newUser();
    await create(user, { title: 'once' }, 'a');
    const before = await user.call('GET', '/api/notes/usage');
    await create(user, { title: 'once' }, 'a');
    expect((await user.call('GET', '/api/notes/usage')).body).toEqual(before.body);
  });

  test('is refused after the erasure of the user', async () => {
    const user = service.newUser();
    await create(user, { title: 'once' }, 'a');
    expect((await service.erase(user.id)).data).toMatchObject({ notes: 1, idempotencyKeys: 1 });
    const { body } = await create(user, { title: 'once' }, 'a');
    expect(body).toMatchObject({ status: 401, code: 'token_revoked' });
    expect(await keysOf(user)).toEqual([]);
  });
});

test('twenty requests at once with one key on two instances create one note and get the same answer', async () => {
  const user = service.newUser();
  const onBoth = [user, secondInstance.userHere(user)];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => create(onBoth[i % 2]!, { title: 'once' }, 'a')),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(answers.filter((answer) => isReplayed(answer) === undefined)).toHaveLength(1);
  expect(await allTitles(user)).toEqual(['once']);
});

describe('a refused request', () => {
  test('keeps no key when its body is invalid', async () => {
    const user = service.newUser();
    expect((await create(user, { title: '' }, 'a')).status).toBe(400);
    expect(await keysOf(user)).toEqual([]);
    expect((await create(user, { title: 'valid' }, 'a')).status).toBe(201);
  });

  test('keeps no key when a limit is reached', async () => {
    const user = service.newUser();
    await database.query('insert into owners (id, rev, notes) values ($1, 1, 50)', [user.id]);
    expect((await create(user, { title: 'too many' }, 'a')).body.code).toBe('note_limit_reached');
    expect(await keysOf(user)).toEqual([]);
    await database.query('update owners set notes = 0 where id = $1', [user.id]);
    expect((await create(user, { title: 'too many' }, 'a')).status).toBe(201);
  });

  test('keeps no key when its answer would take more storage than is left', async () => {
    const user = service.newUser();
    const { body: note } = await create(user, { content: 'a long text' }, 'a');
    expect(await answerBytes(user)).toBe(await storedAnswerBytes(user));
    const left = 30;
    await database.query('update owners set answer_bytes = $2 - bytes where id = $1', [
      user.id,
      limits.bytes - left,
    ]);
    expect((await create(user, { title: 'b' }, 'b')).body.code).toBe('storage_limit_reached');
    expect((await create(user, { title: 'b' }, 'a')).body.code).toBe('idempotency_key_reused');
    expect(isReplayed(await create(user, { content: 'a long text' }, 'a'))).toBe('true');
    expect((await user.create({ title: 'c' })).status).toBe(201);
    expect((await user.create({ title: 'c'.repeat(left) })).body.code).toBe('storage_limit_reached');
    expect((await user.call('DELETE', `/api/notes/${note.id}?permanent=true`)).status).toBe(204);
    expect(await keysOf(user)).toEqual(['a']);
  });

  test('keeps neither key nor note when the answer cannot be stored', async () => {
    const user = service.newUser();
    await database.query(
      `alter table idempotency_keys add constraint refuses check (user_id <> '${user.id}') not valid`,
    );
    expect((await create(user, { title: 'once' }, 'a')).status).toBe(500);
    await database.query('alter table idempotency_keys drop constraint refuses');
    expect(await allTitles(user)).toEqual([]);
    expect(isReplayed(await create(user, { title: 'once' }, 'a'))).toBeUndefined();
    expect(await allTitles(user)).toEqual(['once']);
  });
});

describe('an Idempotency-Key', () => {
  test.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['not ASCII', 'schl\u00fcssel'],
    ['with a tab', 'a\tb'],
  ])('is a 400 when it is %s', async (_what, key) => {
    const user = service.newUser();
    const { body } = await create(user, { title: 'a' }, key);
    expect(body).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path: 'header.idempotency-key' }],
    });
    expect(await allTitles(user)).toEqual([]);
  });

  test.each([['"quoted"'], [randomUUID()], ['a b, c;d=%00'], ['~'.repeat(255)]])('may be %s', async (key) => {
    const user = service.newUser();
    const { body } = await create(user, { title: 'a' }, key);
    expect((await create(user, { title: 'a' }, key)).body).toEqual(body);
    expect(await keysOf(user)).toEqual([key]);
  });
});

test('the sweep deletes only keys that are older than 24 hours, in batches, on two instances at once', async () => {
  const user = service.newUser();
  await database.query(
    `insert into idempotency_keys (user_id, key, fingerprint, bytes, created_at)
     select $1, 'old ' || n, '', 2, $2 from generate_series(1, 2500) as n`,
    [user.id, new Date(service.time.now.getTime() - day)],
  );
  await create(user, { title: 'once' }, 'new');
  await database.query('update owners set answer_bytes = answer_bytes + 5000 where id = $1', [user.id]);
  const sweep = ({ runJob }: Service) => runJob('sweep of idempotency keys');
  expect(await Promise.all([service, secondInstance].map(sweep))).toContain(true);
  expect(await sweep(service)).toBe(false);
  expect(await keysOf(user)).toEqual(['new']);
  expect(await answerBytes(user)).toBe(await storedAnswerBytes(user));
});
