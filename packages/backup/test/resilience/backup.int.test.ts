import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requireMigrations } from '@polyglot-notes/mongo-kit';
import { mongo } from 'mongoose';
import { createLatestBackupRepository } from '../../../../user-service/src/latest-backup/latest-backup.repository.ts';
import { backUp } from '../../src/backup.ts';
import { databasesOf } from '../../src/databases.ts';
import { batches } from '../../src/mongodb/bson-stream.ts';
import { restore, verify } from '../../src/restore.ts';
import { lateCopyEnds } from '../late-copy-ends.ts';
import { newSystem, type TestSystem } from '../system.ts';

const { BSONRegExp, Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } =
  mongo.BSON;

const passphrase = 'correct horse battery staple';
const userId = '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c45';
const odd = {
  title: 'a\tb\\c\\N',
  content: 'line\nline\r\n\\. “é” 😀 \u0001',
  tags: ['', 'a,b', '"q"', 'NULL'],
};

type Choice = Awaited<ReturnType<typeof backedUp>>;

let dir: string;
/** A system of the version before the last migrations, and one into which its encrypted backup was restored. */
let older: TestSystem;
let target: TestSystem;
let encrypted: Choice;
let plain: Choice;
let printed: string;
let startedAt: Date;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'polyglot-notes-backup-'));
  [older, target] = await Promise.all([newSystem('older'), newSystem('empty')]);
  await store(older);
  startedAt = new Date();
  [encrypted, plain] = await Promise.all([backedUp(older, passphrase), backedUp(older)]);
  printed = await restore(target.databases, encrypted);
});
afterAll(async () => {
  await Promise.all([older.close(), target.close()]);
  await rm(dir, { recursive: true });
});

/** Backs up into a folder of its own. Resolves with the arguments of a restore. */
async function backedUp(system: TestSystem, given?: string) {
  const own = await mkdtemp(join(dir, 'backups-'));
  await backUp(system.databases, { dir: own, passphrase: given, keep: undefined });
  const [backup = ''] = await readdir(own);
  return { dir: own, backup, folder: join(own, backup), passphrase: given, isToReplace: false };
}

async function store(system: TestSystem): Promise<void> {
  await system.sql('insert into owners (id, rev) values ($1, 7)', [userId]);
  await system.sql('create table not_ours as select 1 as id');
  await system.sql(
    `insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at)
    values ($1, $1, $2, $3, $4, true, false, 3, '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z')`,
    [userId, odd.title, odd.content, odd.tags],
  );
  const profile = { _id: userId, state: 'present', email: 'ada@example.com', usernameLower: 'ada' };
  await system.user.collection<typeof profile>('profiles').insertOne(profile);
  await system.user.collection<mongo.Document & { _id: mongo.BSON.Int32 }>('odd').insertMany([
    {
      _id: new Int32(1),
      int: new Int32(1),
      double: new Double(1),
      long: new Long(1),
      zero: new Double(-0),
    },
    { _id: new Int32(2), decimal: Decimal128.fromString('1.10'), date: new Date(-1), null: null, not: NaN },
    {
      _id: new Int32(3),
      binary: new Binary(Buffer.from([0, 255]), 5),
      uuid: new UUID(userId),
      min: new MinKey(),
    },
    {
      _id: new Int32(4),
      regExp: new BSONRegExp('^a', 'i'),
      timestamp: new Timestamp({ t: 1, i: 2 }),
      max: new MaxKey(),
    },
    { _id: new Int32(5), text: 'é 😀 \0', nested: [{ a: [[], {}] }], $ref: 'x', id: new ObjectId() },
    { _id: new Int32(6), large: 'x'.repeat(5_000_000) },
  ]);
  await system.auth.collection<{ _id: string }>('signingKeys').insertOne({ _id: 'key' });
}

const latestBackupOf = (system: TestSystem) =>
  createLatestBackupRepository(system.connections.user).endedAt();

const rawDocuments = async (system: TestSystem, collection: string): Promise<string[]> => {
  const found = await system.user
    .collection(collection)
    .find({}, { raw: true, sort: { _id: 1 } })
    .toArray();
  return found.map((document) => Buffer.from(document as unknown as Uint8Array).toString('hex'));
};

describe('a restored backup of an older version', () => {
  test('has every value as it was', async () => {
    expect(await target.sql('select title, content, tags, created_at, version, rev::int from notes')).toEqual(
      [{ ...odd, created_at: new Date('2026-01-02T03:04:05.678Z'), version: 3, rev: 0 }],
    );
    expect(await rawDocuments(target, 'odd')).toEqual(await rawDocuments(older, 'odd'));
  });

  test('has the data of the version now', async () => {
    const [owner] = await target.sql('select rev::int, pruned_rev::int from owners');
    expect(owner).toEqual({ rev: 1_000_000_007, pruned_rev: 1_000_000_007 });
    const profile = await target.user.collection<{ _id: string }>('profiles').findOne({ _id: userId });
    expect(profile).toMatchObject({ usernameGrams: expect.any(Array) });
    for (const { knownMigrations, isEmpty } of target.databases) {
      expect(knownMigrations.length).toBeGreaterThan(1);
      expect(await isEmpty()).toBe(false);
    }
    expect((await target.auth.collection('migrations').find().toArray()).map(({ _id }) => _id)).toEqual(
      target.databases[2]?.knownMigrations,
    );
  });

  test('names the tables that it cannot restore, and the changes that are lost', () => {
    expect(printed).toMatch(/^not_ours is not restored: no migration creates it\.$/m);
    expect(printed).toMatch(/^All changes since .* are lost/m);
  });

  test('has no signing keys', async () => {
    expect(await target.auth.collection('signingKeys').countDocuments()).toBe(0);
  });

  test('reports no backup, because it may be on another machine', async () => {
    expect(await latestBackupOf(target)).toBeUndefined();
  });

  test('is encrypted, and only its owner can read it', async () => {
    const names = await readdir(encrypted.folder, { recursive: true });
    const files = names.filter((name) => /\.\w+$/.test(name));
    expect(files.filter((name) => !name.endsWith('.age'))).toEqual([]);
    for (const name of [...names, '.'])
      expect((await stat(join(encrypted.folder, name))).mode & 0o077).toBe(0);
    const users = await readFile(join(encrypted.folder, 'user', 'profiles.bson.gz.age'));
    expect(users.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
  });

  test('needs the right passphrase', async () => {
    await expect(verify({ ...encrypted, passphrase: 'wrong' })).rejects.toThrow(/passphrase is wrong/);
    await expect(verify({ ...encrypted, passphrase: undefined })).rejects.toThrow(/is encrypted/);
  });
});

test('a document that changes during the backup is in it once', async () => {
  const ids = Array.from({ length: 3_000 }, (_, index) => `id-${index}`);
  const many = older.user.collection<{ _id: string; text: string }>('many');
  await many.insertMany(ids.map((_id) => ({ _id, text: 'x'.repeat(500) })));
  let isEnding = false;
  async function changeAll(): Promise<void> {
    for (let index = 0; !isEnding; index = (index + 7) % ids.length)
      await many.updateOne({ _id: `id-${index}` }, { $set: { text: 'y'.repeat(index) } });
  }
  const changing = changeAll();
  const read: unknown[] = [];
  await older.databases[1]?.dump(async ({ name, content }) => {
    for await (const documents of batches(content))
      if (name === 'many') read.push(...documents.map(({ _id }) => _id));
  });
  isEnding = true;
  await changing;
  expect(read).toHaveLength(ids.length);
  expect(new Set(read).size).toBe(ids.length);
});

describe('a backup', () => {
  test('is recorded when it is whole', async () => {
    const recorded = await latestBackupOf(older);
    expect(recorded?.getTime()).toBeGreaterThanOrEqual(startedAt.getTime());
    const [notes, user, auth] = older.databases;
    const failing = { ...auth!, dump: () => Promise.reject(new Error('unavailable')) };
    await expect(
      backUp([notes!, user!, failing], {
        dir: join(dir, 'not-whole'),
        passphrase: undefined,
        keep: undefined,
      }),
    ).rejects.toThrow('unavailable');
    expect(await latestBackupOf(older)).toEqual(recorded);
  });

  test('stays when it cannot be recorded', async () => {
    const own = join(dir, 'not-recorded');
    const [notes, user, auth] = older.databases;
    const readOnly = { ...user!, recordBackup: () => Promise.reject(new Error('not authorized')) };
    await expect(
      backUp([notes!, readOnly, auth!], { dir: own, passphrase: undefined, keep: undefined }),
    ).rejects.toThrow(/ is whole, but .* the database user: Error: not authorized/);
    const [backup = ''] = await readdir(own);
    await verify({ dir: own, backup, passphrase: undefined });
  });

  test('counts the rows of a table whose COPY ends later than its data', async () => {
    const proxy = await lateCopyEnds(older.settings.NOTES_DATABASE_URL);
    const [notes] = databasesOf({ ...older.settings, NOTES_DATABASE_URL: proxy.url });
    const counted: Record<string, number> = {};
    await notes?.dump(async ({ name, content, rows }) => {
      for await (const _chunk of content);
      counted[name] = rows();
    });
    await proxy.close();
    expect(counted).toMatchObject({ notes: 1, not_ours: 1, owners: 1 });
  });

  test('refuses a database of a later version before it reads any of it', async () => {
    const [notes, user] = older.databases;
    const written: string[] = [];
    const dump = (database = notes!) => database.dump(async ({ name }) => void written.push(name));
    const later = older.user.collection<{ _id: string }>('migrations');
    await later.insertOne({ _id: '9999-later' });
    await expect(dump(user)).rejects.toThrow(/does not have: 9999-later/);
    await later.deleteOne({ _id: '9999-later' });
    await older.sql(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('later', '', '9999_later', now())`,
    );
    await expect(dump(notes)).rejects.toThrow(/does not have: 9999_later/);
    await older.sql(`delete from _prisma_migrations where id = 'later'`);
    expect(written).toEqual([]);
  });
});

describe('a restore', () => {
  const isUntouched = async () => {
    for (const connection of Object.values(target.connections)) await requireMigrations(connection, []);
    return (await target.sql('select from notes')).length === 1;
  };

  /** A copy of the backup with another manifest. */
  async function withManifest(change: (text: string) => string) {
    const copy = await mkdtemp(join(dir, 'changed-'));
    await cp(plain.folder, copy, { recursive: true });
    const path = join(copy, 'manifest.json');
    await writeFile(path, change(await readFile(path, 'utf8')));
    return { ...plain, backup: copy, isToReplace: true };
  }

  test('refuses databases with data', async () => {
    await expect(restore(target.databases, plain)).rejects.toThrow(/not empty/);
    expect(await isUntouched()).toBe(true);
  });

  test('refuses databases that are in use', async () => {
    const close = await target.connectToNotes();
    await expect(restore(target.databases, { ...plain, isToReplace: true })).rejects.toThrow(
      /in use, by 1 connection:/,
    );
    await close();
    expect(await isUntouched()).toBe(true);
  });

  test('refuses a collection that it cannot replace', async () => {
    await target.user.createCollection('active', { viewOn: 'profiles', pipeline: [] });
    await expect(restore(target.databases, { ...plain, isToReplace: true })).rejects.toThrow(
      /active is no ordinary collection/,
    );
    await target.user.dropCollection('active');
    expect(await isUntouched()).toBe(true);
  });

  test('refuses a PostgreSQL database of another role', async () => {
    const role = `other_${randomUUID().slice(0, 8)}`;
    await target.sql(`create role ${role} login password '${role}'`);
    const url = Object.assign(new URL(target.settings.NOTES_DATABASE_URL), {
      username: role,
      password: role,
    });
    const databases = databasesOf({ ...target.settings, NOTES_DATABASE_URL: url.href });
    await expect(restore(databases, { ...plain, isToReplace: true })).rejects.toThrow(/must own/);
    await target.sql(`drop role ${role}`);
    expect(await isUntouched()).toBe(true);
  });

  test('removes the time of the latest backup', async () => {
    await backedUp(target);
    expect(await latestBackupOf(target)).toBeInstanceOf(Date);
    await restore(target.databases, { ...plain, isToReplace: true });
    expect(await latestBackupOf(target)).toBeUndefined();
  });

  test('does not depend on the settings of notes-service in the environment', async () => {
    process.env['DATABASE_URL_FILE'] = '/nowhere/database-url';
    await restore(target.databases, { ...plain, isToReplace: true }).finally(() => {
      delete process.env['DATABASE_URL_FILE'];
    });
    expect(await isUntouched()).toBe(true);
  });

  test.each([
    ['a later format', (text: string) => text.replace('"format": 1', '"format": 2'), /has the format 2/],
    [
      'a later migration',
      (text: string) => text.replace('"0001-indexes"', '"9999-later"'),
      /does not have: 9999-later/,
    ],
    [
      'another file',
      (text: string) => text.replace(/"sha256": "\w/, '"sha256": "x'),
      /manifest .* is not valid/,
    ],
    ['a changed file', (text: string) => text.replace(/"bytes": /, '"bytes": 1'), /damaged/],
    ['no databases', (text: string) => text.replace('"auth"', '"other"'), /no database auth/],
  ])('and its verification refuse a backup with %s', async (_what, change, message) => {
    const changed = await withManifest(change);
    await expect(verify(changed)).rejects.toThrow(message);
    await expect(restore(target.databases, changed)).rejects.toThrow(message);
    expect(await isUntouched()).toBe(true);
  });

  test('refuses a folder without a whole backup, and one that is not encrypted as expected', async () => {
    const refused = (more: object) => restore(target.databases, { ...plain, isToReplace: true, ...more });
    await expect(refused({ backup: 'other' })).rejects.toThrow(/no whole backup/);
    await expect(refused({ passphrase })).rejects.toThrow(/is not encrypted/);
    expect(await isUntouched()).toBe(true);
  });

  test('that was interrupted lets no service and no backup start, and can be repeated', async () => {
    const [notes, user, auth] = target.databases;
    const killed = { ...notes!, restore: () => Promise.reject(new Error('killed')) };
    const options = await withManifest((text) => text.replace(/"begunAt": "\d+/, '"begunAt": "2020'));
    await expect(restore([killed, user!, auth!], options)).rejects.toThrow('killed');
    for (const connection of Object.values(target.connections))
      await expect(requireMigrations(connection, [])).rejects.toThrow(/has not ended.* --replace/);
    await expect(backedUp(target)).rejects.toThrow(/has not ended/);
    expect(await restore(target.databases, options)).toMatch(/The backup is \d+ days old: its tombstones/);
    expect(await isUntouched()).toBe(true);
  });
});
