import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildNote, until } from '@polyglot-notes/service-kit/testing';
import { fromBufferPromise } from 'yauzl';
import { createReader } from '../src/database.ts';
import { createExportService } from '../src/transfer/export.service.ts';
import { zipOf, type ArchiveFile } from '../src/transfer/zip-writer.ts';
import { startService, type Service, type User } from './service.ts';

let service: Service;
let db: pg.Pool;

beforeAll(async () => {
  service = await startService({ limits: { notes: 300, bytes: 2_000_000, versionsPerNote: 3 } });
  db = new pg.Pool({ connectionString: service.databaseUrl, max: 2 });
});
afterAll(async () => {
  await db.end();
  await service.close();
});

const ndjson = 'application/x-ndjson';
const zip = 'application/zip';

const linesOf = (...notes: (object | string)[]) =>
  notes.map((note) => `${typeof note === 'string' ? note : JSON.stringify(note)}\n`).join('');

const importInto = (user: User, body: string | Buffer, type = ndjson, headers = {}) =>
  user.call('POST', '/api/notes/import', { body, headers: { 'Content-Type': type, ...headers } });

const exportOf = (user: User, query = '', init: RequestInit = {}) =>
  fetch(`${service.client.baseUrl}/api/notes/export${query}`, {
    ...init,
    headers: { Authorization: `Bearer ${user.token}` },
  });

const linesIn = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const exportedLines = async (user: User, query = '') => linesIn(await (await exportOf(user, query)).text());

const exportedZip = async (user: User) =>
  Buffer.from(await (await exportOf(user, '?format=zip')).arrayBuffer());

const byTitle = (notes: Record<string, unknown>[]) =>
  notes.toSorted((a, b) => (String(a['title']) < String(b['title']) ? -1 : 1));

async function archiveOf(...files: (Partial<ArchiveFile> & { text: string })[]): Promise<Buffer> {
  const complete = files.map((file, i) => ({
    name: `${i}.md`,
    modifiedAt: new Date('2026-01-02T03:04:06Z'),
    ...file,
  }));
  return buffer(Readable.from(zipOf(Readable.from(complete))));
}

async function entriesOf(archive: Buffer): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of (await fromBufferPromise(archive)).eachEntry()) names.push(entry.fileName);
  return names;
}

/** Deletes all notes of a user from the database, as if there had been none. */
async function wipe({ id }: User) {
  await db.query('delete from notes where user_id = $1', [id]);
  await db.query('delete from note_versions where user_id = $1', [id]);
  await db.query('update owners set notes = 0, trashed = 0, bytes = 0, versions = 0 where id = $1', [id]);
}

const created = async (user: User, overrides: object = {}) => (await user.create(buildNote(overrides))).body;

describe('an export', () => {
  test('has every note outside the trash as a line, archived ones too', async () => {
    const user = service.newUser();
    const note = await created(user, { content: 'é\n"🐘"', tags: ['a', 'b'], pinned: true });
    const archived = await created(user, { archived: true });
    await user.remove((await created(user)).id);
    const answer = await exportOf(user);
    const { status, headers } = answer;
    expect([status, headers.get('content-type')]).toEqual([200, ndjson]);
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="notes-\d{4}-\d\d-\d\d\.ndjson"$/,
    );
    expect(linesIn(await answer.text())).toEqual([note, archived]);
  });

  test('has the earlier versions on request', async () => {
    const user = service.newUser();
    const { id } = await created(user, { title: 'one', content: 'text' });
    await user.patch(id, { title: 'two' });
    await user.patch(id, { content: 'other', tags: ['a'] });
    expect(await exportedLines(user, '?versions=true')).toMatchObject([
      {
        title: 'two',
        version: 3,
        versions: [
          { version: 2, content: 'text', tags: [], pinned: false },
          { version: 1, title: 'one' },
        ],
      },
    ]);
    expect((await exportedLines(user))[0]).not.toHaveProperty('versions');
  });

  test('has the versions before the exported one only, and a note with any id', async () => {
    const user = service.newUser();
    const id = '00000000-0000-0000-0000-000000000000';
    await importInto(user, linesOf({ id, title: 'one' }));
    await user.patch(id, { title: 'two' });
    const reader = createReader(service.databaseUrl, { statementMs: 10_000, connections: 1 });
    let pages = 0;
    const exportDb: typeof reader = {
      ...reader,
      async read<Row extends object>(sql: Parameters<typeof reader.read>[0]) {
        const rows = await reader.read<Row>(sql);
        if (pages++ === 0) await user.patch(id, { title: 'three' });
        return rows;
      },
    };
    const takeSlot = () => () => {};
    const { ndjson: exportLines } = createExportService({
      exportDb,
      exportSlots: takeSlot,
      zipSlots: takeSlot,
    });
    const [text = ''] = await Readable.from(exportLines(user.id, { versions: true })).toArray();
    await reader.close();
    expect(JSON.parse(text)).toMatchObject({ id, title: 'two', version: 2, versions: [{ version: 1 }] });
  });

  test('has as many versions as fit into a line that an import reads', async () => {
    const user = service.newUser();
    const { id } = await created(user, { content: 'start' });
    for (const letter of ['a', 'b', 'c', 'd'])
      await user.patch(id, { content: `${letter}${'\u0001'.repeat(99_999)}` });
    const [note] = await exportedLines(user, '?versions=true');
    expect(Buffer.byteLength(JSON.stringify(note))).toBeLessThan(2_097_152);
    expect(note?.['versions']).toHaveLength(2);
    await wipe(user);
    expect((await importInto(user, linesOf(note ?? {}))).body).toMatchObject({ imported: 1 });
  });

  test('as a zip is a problem when its first page fails', async () => {
    const user = service.newUser();
    await created(user);
    await db.query('alter table notes rename to notes_hidden');
    try {
      expect((await exportOf(user, '?format=zip')).status).toBe(500);
    } finally {
      await db.query('alter table notes_hidden rename to notes');
    }
    expect((await exportOf(user, '?format=zip')).status).toBe(200);
  });

  test('is empty without notes, in both formats', async () => {
    const user = service.newUser();
    expect(await exportedLines(user)).toEqual([]);
    expect((await exportOf(user, '?format=zip')).headers.get('content-type')).toBe(zip);
    expect(await entriesOf(await exportedZip(user))).toEqual([]);
  });

  test('has a file for each note in a zip', async () => {
    const user = service.newUser();
    const names = ['a', 'A', 'a', 'con', '../x', '日本', '*', '***'];
    for (const title of names) await created(user, { title });
    const entries = await entriesOf(await exportedZip(user));
    expect(entries).toHaveLength(names.length);
    expect(new Set(entries.map((name) => name.toLowerCase())).size).toBe(names.length);
    expect(entries).toEqual(expect.arrayContaining(['a.md', '_con.md', 'x.md', '日本.md', 'note.md']));
  });

  test('is of the caller only, and checks its query', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    await created(other);
    expect(await exportedLines(user)).toEqual([]);
    expect((await exportOf(user, '?format=pdf')).status).toBe(400);
  });

  test('has ended when a HEAD is answered', async () => {
    const user = service.newUser();
    const [one, two] = ['a', 'b'].map((letter) => letter.repeat(90_000));
    await importInto(user, linesOf({ content: one }, { content: two }, { content: one }));
    for (let i = 0; i < 3; i++) {
      expect((await exportOf(user, '', { method: 'HEAD' })).status).toBe(200);
      expect(await exportedLines(user)).toHaveLength(3);
    }
  });

  test('runs once at a time for each user', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    const holder = await db.connect();
    await holder.query('begin; lock table notes in access exclusive mode');
    const first = exportOf(user);
    await until(async () => (await db.query('select from pg_locks where not granted')).rowCount === 1);
    const refused = await exportOf(user, '?format=zip');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    await holder.query('commit');
    holder.release();
    expect([(await first).status, (await exportOf(other)).status]).toEqual([200, 200]);
    await (await first).text();
    await until(async () => (await exportOf(user)).status === 200);
  });
});

const times = { createdAt: '2020-01-01T00:00:00.000Z', updatedAt: '2021-01-01T00:00:00.000Z' };

describe('an import of NDJSON', () => {
  test('with a key stores failures of lines with characters that PostgreSQL cannot store', async () => {
    const lines = [
      '{"title":"a\0',
      '{"\\u0000":1}',
      '{"title":"\\ud800"}',
      '{"\\ud800":1}',
      '{"title":"kept"}',
    ];
    const send = () => importInto(user, lines.join('\n'), ndjson, { 'Idempotency-Key': 'nul' });
    const user = service.newUser();
    const { status, body } = await send();
    expect([status, body.imported, body.failedCount]).toEqual([200, 1, 4]);
    expect(await send()).toMatchObject({ status: 200, body });
  });

  test('keeps ids, times, versions and flags', async () => {
    const user = service.newUser();
    const note = {
      ...times,
      id: randomUUID(),
      title: 'a',
      content: 'b',
      tags: ['c'],
      pinned: true,
      archived: true,
      version: 7,
    };
    expect(await importInto(user, linesOf(note))).toMatchObject({
      status: 200,
      body: { imported: 1, skipped: 0, skippedInTrash: 0, failedCount: 0, failed: [] },
    });
    expect((await user.get(note.id)).body).toEqual({ ...note, deletedAt: null });
  });

  test('completes what a line leaves out', async () => {
    const user = service.newUser();
    await importInto(user, linesOf({ content: 'a' }, { title: 'b', updatedAt: times.updatedAt }));
    const [a, b] = byTitle(await exportedLines(user));
    const now = service.time.now.toISOString();
    expect(a).toMatchObject({ title: 'Untitled', tags: [], version: 1, createdAt: now, updatedAt: now });
    expect(b).toMatchObject({ content: '', createdAt: times.updatedAt, updatedAt: times.updatedAt });
  });

  test('names each bad line and loses no other', async () => {
    const user = service.newUser();
    const good = Array.from({ length: 4 }, () => buildNote());
    const body = Buffer.concat([
      Buffer.from(`\ufeff${JSON.stringify(good[0])}\r\n{"title":\n\n`),
      Buffer.from(linesOf({ title: 'a', color: 1 }, { content: 'a '.repeat(51_000) }, good[1] ?? '')),
      Buffer.from([0xff, 0x0a]),
      Buffer.from(
        linesOf('{"title":"\\u0000"}', '{"title":"\\ud800"}', { title: 'a', createdAt: 'x' }, good[2] ?? ''),
      ),
      Buffer.from(JSON.stringify(good[3])),
    ]);
    const { status, body: result } = await importInto(user, body);
    expect([status, result.imported, result.failedCount]).toEqual([200, 4, 7]);
    expect(result.failed.map(({ line, code }: { line: number; code: string }) => [line, code])).toEqual([
      [2, 'malformed_json'],
      [4, 'validation_failed'],
      [5, 'validation_failed'],
      [7, 'invalid_encoding'],
      [8, 'validation_failed'],
      [9, 'validation_failed'],
      [10, 'validation_failed'],
    ]);
    expect((await user.list()).body.items).toHaveLength(4);
  });

  test.each(['"x"', '5', 'null', '[]'])('names the type of the line %s', async (line) => {
    const { body } = await importInto(service.newUser(), `${line}\n`);
    const type = { '"x"': 'string', '5': 'number', null: 'null', '[]': 'array' }[line];
    expect(body.failed).toEqual([
      {
        line: 1,
        code: 'validation_failed',
        message: expect.stringMatching(`expected object, received ${type}$`),
      },
    ]);
  });

  test('reads past a line of 34 MB', async () => {
    const user = service.newUser();
    const { body } = await importInto(user, linesOf({ title: 'a' }, 'x'.repeat(34_000_000), { title: 'b' }));
    expect(body).toMatchObject({ imported: 2, failed: [{ line: 2, code: 'too_large' }] });
  });

  test('names the first 1,000 of many bad lines', async () => {
    const { body } = await importInto(service.newUser(), '{}\n'.repeat(1_100));
    expect([body.failedCount, body.failed.length, body.failed[999].line]).toEqual([1_100, 1_000, 1_000]);
  });

  test('may be empty', async () => {
    const result = { imported: 0, skipped: 0, skippedInTrash: 0, failedCount: 0, failed: [] };
    for (const body of ['', '\n\r\n', '\ufeff']) {
      expect((await importInto(service.newUser(), body)).body).toEqual(result);
    }
  });

  test('skips what the user has already', async () => {
    const user = service.newUser();
    const own = await created(user, { content: 'a' });
    await user.patch(own.id, { content: 'newer' });
    const trashed = await created(user);
    await user.remove(trashed.id);
    const timed = { ...times, title: 'a', content: 'b', tags: ['c'] };
    const lines = linesOf(own, own, trashed, timed, timed, { ...timed, content: 'other' });
    expect((await importInto(user, lines)).body).toMatchObject({
      imported: 2,
      skipped: 4,
      skippedInTrash: 1,
    });
    expect((await importInto(user, lines)).body).toMatchObject({ imported: 0, skipped: 6 });
    expect((await user.get(own.id)).body.content).toBe('newer');
    expect((await user.get(trashed.id)).status).toBe(404);
  });

  test.each([
    ['times', ['a', 'b', 'C'], ['2020', '2020', '2020']],
    ['titles', ['a', 'a', 'a'], ['2020', '2021', '2022']],
  ])('skips notes with equal %s that the user has already', async (_what, names, years) => {
    const user = service.newUser();
    const notes = names.map((title, i) => ({
      ...times,
      title,
      createdAt: `${years[i]}-01-01T00:00:00.000Z`,
    }));
    expect((await importInto(user, linesOf(...notes))).body).toMatchObject({ imported: 3 });
    const changed = { ...notes[0], title: 'c' };
    expect((await importInto(user, linesOf(...notes, changed))).body).toMatchObject({
      imported: 1,
      skipped: 3,
    });
  });

  test('imports a note again that was destroyed', async () => {
    const user = service.newUser();
    const note = await created(user);
    await user.call('DELETE', `/api/notes/${note.id}?permanent=true`);
    expect((await importInto(user, linesOf(note))).body).toMatchObject({ imported: 1 });
    expect((await user.get(note.id)).body).toEqual({ ...note, version: note.version + 1 });
    const { rows } = await db.query('select from destroyed_notes where user_id = $1', [user.id]);
    expect(rows).toEqual([]);
  });

  test('takes an id that a note of another user has', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    const note = await created(other);
    expect((await importInto(user, linesOf({ ...note, title: 'mine' }))).body).toMatchObject({ imported: 1 });
    expect((await other.get(note.id)).body).toEqual(note);
  });

  test('restores the earlier versions, the newest ones that are kept', async () => {
    const user = service.newUser();
    const { id } = await created(user, { title: 'one', content: 'text' });
    for (const title of ['two', 'three', 'four']) await user.patch(id, { title });
    await user.patch(id, { content: 'other' });
    const versionsOf = async () => (await user.call('GET', `/api/notes/${id}/versions`)).body.items;
    const usageOf = async () => (await user.call('GET', '/api/notes/usage')).body;
    const [before, usage, lines] = [
      await versionsOf(),
      await usageOf(),
      await exportedLines(user, '?versions=true'),
    ];
    await wipe(user);
    expect((await importInto(user, linesOf(...lines))).body).toMatchObject({ imported: 1 });
    expect(await versionsOf()).toEqual(before);
    expect((await user.call('GET', `/api/notes/${id}/versions/2`)).body).toMatchObject({
      title: 'two',
      content: 'text',
    });
    expect(await usageOf()).toEqual(usage);
  });

  test('fails a line that passes a limit, and goes on', async () => {
    const user = service.newUser();
    const big = { content: 'word '.repeat(19_800) };
    const small = { title: 'small' };
    const { body } = await importInto(user, linesOf(...Array.from({ length: 21 }, () => big), small));
    expect(body).toMatchObject({ imported: 21, failed: [{ line: 21, code: 'storage_limit_reached' }] });
    const other = service.newUser();
    const { body: many } = await importInto(other, linesOf(...Array.from({ length: 301 }, () => small)));
    expect(many).toMatchObject({ imported: 300, failed: [{ line: 301, code: 'note_limit_reached' }] });
    const refused = { id: randomUUID(), title: 'small' };
    expect((await importInto(other, linesOf(refused, refused))).body).toMatchObject({ failedCount: 2 });
  });

  test('leaves whole notes when the client disconnects', async () => {
    const user = service.newUser();
    const stop = new AbortController();
    const lines = Array.from({ length: 250 }, (_, i) => ({ title: `note ${i}` }));
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from(linesOf(...lines) + '{"title":"ha')),
    });
    const call = fetch(`${service.client.baseUrl}/api/notes/import`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${user.token}`, 'Content-Type': ndjson },
      body,
      duplex: 'half',
      signal: stop.signal,
    }).catch(() => {});
    await until(async () => (await user.list('?total=true')).body.page.total === 200);
    stop.abort();
    await call;
    await until(async () => (await importInto(user, linesOf({ title: 'next' }))).status === 200);
    expect((await user.list('?total=true')).body.page.total).toBe(201);
  });

  test.each([
    ['JSON', 'application/json', {}],
    ['gzip', ndjson, { 'Content-Encoding': 'gzip' }],
  ])('is not %s', async (_what, type, headers) => {
    const answer = await importInto(service.newUser(), gzipSync('{}'), type, headers);
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  });
});

describe('an import with an Idempotency-Key', () => {
  const withKey = (key: string) => ({ 'Idempotency-Key': key });

  test.each([
    ['NDJSON', ndjson],
    ['a zip', zip],
  ])('imports %s once', async (_format, type) => {
    const user = service.newUser();
    const bodyOf = (content: string) => (type === zip ? archiveOf({ text: content }) : linesOf({ content }));
    const first = await importInto(user, await bodyOf('a'), type, withKey('k'));
    const repeat = await importInto(user, await bodyOf('a'), type, withKey('k'));
    expect(first.body).toMatchObject({ imported: 1, skipped: 0 });
    expect([repeat.status, repeat.body]).toEqual([200, first.body]);
    expect(repeat.headers['idempotency-replayed']).toBe('true');
    expect((await importInto(user, await bodyOf('b'), type, withKey('k'))).body).toMatchObject({
      status: 409,
      code: 'idempotency_key_reused',
    });
    expect(await exportedLines(user)).toHaveLength(1);
  });

  test('waits for the same import of the user, and gets its answer', async () => {
    const user = service.newUser();
    const holder = await db.connect();
    await holder.query('begin; lock table notes in access exclusive mode');
    const send = () => importInto(user, linesOf({ title: 'a' }), ndjson, withKey('k'));
    const first = send();
    await until(async () => (await db.query('select from pg_locks where not granted')).rowCount === 1);
    const second = send();
    await holder.query('commit');
    holder.release();
    const answers = [await first, await second];
    expect(answers.map(({ status, body }) => [status, body.imported])).toEqual([
      [200, 1],
      [200, 1],
    ]);
    expect(await exportedLines(user)).toHaveLength(1);
  });

  test('always gives its result near the limit of storage, which the answer may pass once', async () => {
    const user = service.newUser();
    await db.query('insert into owners (id, rev, bytes) values ($1, 1, 2000000 - 30000)', [user.id]);
    const notes = Array.from({ length: 250 }, (_, i) => ({
      title: 't',
      content: String(i).padEnd(100, '-'),
    }));
    const body = linesOf(...notes, ...Array.from({ length: 60 }, () => '{'));
    const { status, body: result } = await importInto(user, body, ndjson, withKey('k'));
    expect([status, result.imported, result.failedCount]).toEqual([200, 250, 60]);
    expect((await importInto(user, body, ndjson, withKey('k'))).body).toEqual(result);
    const next = await importInto(user, linesOf({ title: 'next' }), ndjson, withKey('next'));
    expect(next.body).toMatchObject({ status: 409, code: 'storage_limit_reached' });
    expect((await user.list('?total=true')).body.page.total).toBe(250);
    const withoutKey = await importInto(user, linesOf({ title: 'next' }));
    expect(withoutKey.body).toMatchObject({ imported: 0, failed: [{ code: 'storage_limit_reached' }] });
  });

  test('continues where an earlier one was broken off', async () => {
    const user = service.newUser();
    const lines = Array.from({ length: 250 }, (_, i) => ({ title: i === 220 ? 'not yet' : `note ${i}` }));
    const body = linesOf('{', ...lines);
    await db.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'not yet'; end $$;
      create trigger refuse before insert on notes for each row when (new.title = 'not yet') execute function refuse()`);
    expect((await importInto(user, body, ndjson, withKey('k'))).status).toBe(500);
    expect((await user.list('?total=true')).body.page.total).toBe(199);
    await db.query('drop trigger refuse on notes; drop function refuse');
    const result = {
      imported: 250,
      skipped: 0,
      failedCount: 1,
      failed: [{ line: 1, code: 'malformed_json' }],
    };
    expect((await importInto(user, body, ndjson, withKey('k'))).body).toMatchObject(result);
    expect((await importInto(user, body, ndjson, withKey('k'))).body).toMatchObject(result);
    expect((await user.list('?total=true')).body.page.total).toBe(250);
  });
});

describe('an import of a zip', () => {
  test('reads Markdown files in folders and ignores what is clearly no note', async () => {
    const user = service.newUser();
    const archive = await archiveOf(
      { name: 'folder/Über uns.md', text: '---\ntags: [a]\n---\nb' },
      { name: 'plain.TXT', text: 'c' },
      { name: '__MACOSX/._plain.md', text: 'd' },
      { name: '.obsidian/x.md', text: 'e' },
      { name: 'picture.png', text: 'f' },
      { name: '.DS_Store', text: 'g' },
    );
    expect((await importInto(user, archive, zip)).body).toEqual({
      imported: 2,
      skipped: 0,
      skippedInTrash: 0,
      failedCount: 0,
      failed: [],
    });
    const time = '2026-01-02T03:04:06.000Z';
    expect(byTitle(await exportedLines(user))).toMatchObject([
      { title: 'plain', content: 'c' },
      { title: 'Über uns', tags: ['a'], content: 'b', createdAt: time, updatedAt: time },
    ]);
    expect((await importInto(user, archive, zip)).body).toMatchObject({ imported: 0, skipped: 2 });
  });

  test('names the entries that fail', async () => {
    const archive = await archiveOf(
      { name: 'a/bad.md', text: '---\na: [\n---\n' },
      { text: 'good' },
      { name: 'inner.zip', text: 'x' },
      { name: 'large.md', text: 'a'.repeat(600_000) },
      { name: 'long.md', text: 'a'.repeat(100_001) },
    );
    const { body } = await importInto(service.newUser(), archive, zip);
    expect(body).toMatchObject({
      imported: 1,
      failedCount: 4,
      failed: [
        { line: 1, name: 'a/bad.md', code: 'invalid_front_matter' },
        { line: 3, name: 'inner.zip', code: 'nested_archive' },
        { line: 4, name: 'large.md', code: 'too_large' },
        { line: 5, name: 'long.md', code: 'validation_failed' },
      ],
    });
  });

  test.each([
    ['empty', ''],
    ['no zip', 'PK and more'],
    ['cut short', undefined],
  ])('is a 400 when it is %s', async (_what, content) => {
    const body = content ?? (await archiveOf({ text: 'a' })).subarray(0, -30);
    const answer = await importInto(service.newUser(), body, zip);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_archive']);
  });
});

describe('export, wipe and import', () => {
  const text = fc
    .oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 }))
    .map((value) => value.toWellFormed().replaceAll('\0', ''));
  const note = fc.record({
    title: text.map((value) => `${value}x`),
    content: fc.oneof(text, fc.constantFrom('---\na: b\n---\n', '\ufeffa', 'a\r\nb\r\n', '\n')),
    tags: fc.array(
      text.map((value) => `${value.replaceAll(/[,\p{Cc}]/gu, '')}x`),
      { maxLength: 3 },
    ),
    pinned: fc.boolean(),
    archived: fc.boolean(),
  });

  test.each([
    ['NDJSON', '', ndjson],
    ['a zip', '?format=zip', zip],
  ])('gives the same notes in %s', async (_format, query, type) => {
    const user = service.newUser();
    const [notes = []] = fc.sample(fc.array(note, { minLength: 40, maxLength: 40 }), 1);
    // Notes with the same texts and times would be one.
    const distinct = notes.map((each, i) => ({
      ...each,
      ...times,
      version: i + 1,
      createdAt: new Date(Date.parse(times.createdAt) + i * 1_000).toISOString(),
    }));
    await importInto(user, linesOf(...distinct));
    const before = await exportedLines(user);
    expect(before).toHaveLength(40);
    const file = Buffer.from(await (await exportOf(user, query)).arrayBuffer());
    await wipe(user);
    expect((await importInto(user, file, type)).body).toMatchObject({ imported: 40, failedCount: 0 });
    expect(await exportedLines(user)).toEqual(before);
    expect((await importInto(user, file, type)).body).toMatchObject({ imported: 0, skipped: 40 });
  });
});
