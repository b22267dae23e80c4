import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  type Collection,
  type Db,
  type Document,
  MongoBulkWriteError,
  MongoClient,
  MongoServerError,
} from 'mongodb';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { startTestDocumentdb } from '@polyglot-notes/local-stack/testing';

jest.setTimeout(300_000); // the first run on a machine downloads DocumentDB

let server: Awaited<ReturnType<typeof startTestDocumentdb>>;
let client: MongoClient;
let db: Db;
beforeAll(async () => {
  server = await startTestDocumentdb();
  client = await new MongoClient(server.url).connect();
  db = client.db('app');
});
afterAll(async () => {
  await client?.close();
  await server?.stop();
});

interface Anything extends Document {
  _id?: string | number;
}
const collection = (): Collection<Anything> => db.collection(randomUUID());

async function serverError(work: Promise<unknown>): Promise<MongoServerError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MongoServerError)) throw new Error(`no server error but ${String(error)}`);
  return error;
}

const numbersOf = (found: Document[]) => found.map((document) => Number(document['n']));
const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

test('explain names the index of a find and counts the documents that it reads', async () => {
  const notes = collection();
  await notes.createIndex({ n: 1 });
  await notes.insertMany(numbered(100).map(({ n }) => ({ n, even: n % 2 === 0 })));
  const { queryPlanner, executionStats } = await notes.find({ n: { $lt: 10 }, even: true }).explain();
  expect(JSON.stringify(queryPlanner)).toContain('"indexName":"n_1"');
  expect(executionStats).toMatchObject({ nReturned: 5, totalDocsExamined: 10 });
  await expect(db.command({ explain: { count: notes.collectionName } })).rejects.toThrow('find only');
});

describe('documents', () => {
  test('are inserted, found, updated and deleted', async () => {
    const notes = db.collection<{ _id: number; title: string; tags: string[] }>(randomUUID());
    await notes.insertOne({ _id: 1, title: 'one', tags: ['a'] });
    await notes.updateOne({ _id: 1 }, { $set: { title: 'two' }, $push: { tags: 'b' } });
    expect(await notes.findOne({ tags: 'b' })).toEqual({ _id: 1, title: 'two', tags: ['a', 'b'] });
    expect(await notes.deleteOne({ _id: 1 })).toMatchObject({ deletedCount: 1 });
    expect(await notes.countDocuments()).toBe(0);
  });

  test('keep every character of a megabyte', async () => {
    const text = 'é😀漢\u0000"\\'.repeat(90_000);
    const notes = collection();
    await notes.insertOne({ _id: 1, text });
    expect((await notes.findOne({ _id: 1 }))?.['text']).toBe(text);
  });

  test('keep the types of their numbers, dates and bytes', async () => {
    const { BSON } = await import('bson');
    const values = {
      double: new BSON.Double(1),
      int: new BSON.Int32(1),
      long: BSON.Long.fromString('9007199254740993'),
      decimal: BSON.Decimal128.fromString('1.10'),
      date: new Date(1),
      bytes: new BSON.Binary(Buffer.from([0, 255])),
    };
    const notes = collection();
    await notes.insertOne({ _id: 1, ...values });
    const found = await notes.findOne({ _id: 1 }, { promoteValues: false, projection: { _id: 0 } });
    expect(BSON.EJSON.stringify(found, { relaxed: false })).toBe(
      BSON.EJSON.stringify(values, { relaxed: false }),
    );
  });

  test('are stored from a message of many megabytes', async () => {
    const notes = collection();
    await notes.insertMany(numbered(30).map(({ n }) => ({ n, text: 'x'.repeat(1_000_000) })));
    expect(await notes.find({}, { projection: { n: 1 } }).toArray()).toHaveLength(30);
  });

  test('are changed and returned by findOneAndUpdate', async () => {
    const notes = collection();
    await notes.insertOne({ _id: 1, n: 1 });
    expect(await notes.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { returnDocument: 'after' })).toEqual(
      {
        _id: 1,
        n: 2,
      },
    );
    expect(await notes.findOneAndUpdate({ _id: 2 }, { $inc: { n: 1 } })).toBeNull();
  });

  test('get the time of the server from $currentDate and $$NOW', async () => {
    const notes = collection();
    await notes.insertOne({ _id: 1, n: 1 });
    await notes.updateOne({ _id: 1 }, { $currentDate: { a: true } });
    await notes.updateOne({ _id: 1 }, [{ $set: { b: '$$NOW', n: { $add: ['$n', 1] } } }]);
    expect(await notes.findOne({ _id: 1 })).toEqual({
      _id: 1,
      n: 2,
      a: expect.any(Date),
      b: expect.any(Date),
    });
  });

  test('are all stored when many clients create a collection at once', async () => {
    const notes = collection();
    await Promise.all(numbered(30).map((document) => notes.insertOne(document)));
    expect(await notes.countDocuments()).toBe(30);
  });
});

describe('unique keys', () => {
  test('are refused twice with 11000, the index and the value', async () => {
    const users = collection();
    await users.createIndex({ 'mail.address': 1 }, { unique: true });
    await users.insertOne({ mail: { address: 'ä@x' } });
    expect(await serverError(users.insertOne({ mail: { address: 'ä@x' } }))).toMatchObject({
      code: 11000,
      keyPattern: { 'mail.address': 1 },
      keyValue: { 'mail.address': 'ä@x' },
      message: expect.stringContaining(`index: mail.address_1 dup key: { mail.address: "ä@x" }`),
    });
  });

  test('hold for _id', async () => {
    const users = collection();
    await users.insertOne({ _id: 'a' });
    expect(await serverError(users.insertOne({ _id: 'a' }))).toMatchObject({
      code: 11000,
      keyPattern: { _id: 1 },
      keyValue: { _id: 'a' },
    });
  });

  test('hold for updates and findOneAndUpdate', async () => {
    const users = collection();
    await users.createIndex({ mail: 1 }, { unique: true });
    await users.insertMany([{ mail: 'a' }, { mail: 'b' }]);
    const update = [{ mail: 'b' }, { $set: { mail: 'a' } }] as const;
    const expected = { code: 11000, keyPattern: { mail: 1 } };
    expect(await serverError(users.updateOne(...update))).toMatchObject(expected);
    expect(await serverError(users.findOneAndUpdate(...update))).toMatchObject(expected);
  });

  test('that are sparse ignore documents without the field', async () => {
    const users = collection();
    await users.createIndex({ mail: 1 }, { unique: true, sparse: true });
    await users.insertMany([{ n: 1 }, { n: 2 }, { mail: 'a' }]);
    expect(await serverError(users.insertOne({ mail: 'a' }))).toMatchObject({ code: 11000 });
  });

  test('that are partial hold where their filter matches', async () => {
    const users = collection();
    await users.createIndex({ owner: 1 }, { unique: true, partialFilterExpression: { open: true } });
    await users.insertMany([
      { owner: 1, open: true },
      { owner: 1, open: false },
      { owner: 1, open: false },
    ]);
    expect(await serverError(users.insertOne({ owner: 1, open: true }))).toMatchObject({ code: 11000 });
  });

  test('all exist after many clients create them while others write', async () => {
    const users = collection();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all([
      ...names.map((name) => users.createIndex({ [name]: 1 }, { unique: true, sparse: true })),
      ...names.map((name) => users.insertOne({ [name]: 1 })),
    ]);
    for (const name of names)
      expect(await serverError(users.insertOne({ [name]: 1 }))).toMatchObject({ code: 11000 });
  });
});

describe('of eight upserts at once', () => {
  test.each(['updateOne', 'findOneAndUpdate'] as const)(
    'one inserts and all count, with %s',
    async (method) => {
      const counters = collection();
      await counters.createIndex({ key: 1 }, { unique: true });
      const upsert = () => counters[method]({ key: 'k' }, { $inc: { n: 1 } }, { upsert: true });
      await Promise.all(Array.from({ length: 8 }, upsert));
      expect(await counters.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ key: 'k', n: 8 }]);
    },
  );
});

async function bulk(ordered: boolean) {
  const users = collection();
  await users.insertOne({ _id: 'b' });
  const documents = ['a', 'b', 'c', 'b'].map((_id) => ({ _id }));
  const error: unknown = await users.insertMany(documents, { ordered }).catch((reason: unknown) => reason);
  if (!(error instanceof MongoBulkWriteError)) throw new Error('no bulk write error');
  const failed = [error.writeErrors].flat().map(({ index, code }) => ({ index, code }));
  return { failed, left: (await users.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id) };
}

describe('bulk writes', () => {
  test('in order stop at the first error', async () => {
    expect(await bulk(true)).toEqual({ failed: [{ index: 1, code: 11000 }], left: ['a', 'b'] });
  });

  test('without order continue and list every error', async () => {
    expect(await bulk(false)).toEqual({
      failed: [
        { index: 1, code: 11000 },
        { index: 3, code: 11000 },
      ],
      left: ['a', 'b', 'c'],
    });
  });

  test('mix all kinds of writes', async () => {
    const users = collection();
    const result = await users.bulkWrite([
      { insertOne: { document: { _id: 1 } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { a: 1 } } } },
      { updateOne: { filter: { _id: 2 }, update: { $set: { a: 1 } }, upsert: true } },
      { deleteOne: { filter: { _id: 1 } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 });
  });
});

describe('cursors', () => {
  test('return several batches, sorted or not, and from aggregations', async () => {
    const notes = collection();
    await notes.insertMany(numbered(1000));
    const ascending = numbered(1000).map(({ n }) => n);
    expect(numbersOf(await notes.find().batchSize(90).toArray()).toSorted((a, b) => a - b)).toEqual(
      ascending,
    );
    expect(numbersOf(await notes.find().sort({ n: 1 }).batchSize(90).toArray())).toEqual(ascending);
    expect(numbersOf(await notes.aggregate([{ $sort: { n: 1 } }], { batchSize: 90 }).toArray())).toEqual(
      ascending,
    );
  });

  test('continue after other commands', async () => {
    const notes = collection();
    await notes.insertMany(numbered(200));
    const open = Array.from({ length: 20 }, () => notes.find().sort({ n: 1 }).batchSize(50));
    for (let at = 0; at < 200; at++)
      for (const cursor of open)
        if ((await cursor.next())?.['n'] !== at) throw new Error(`out of step at ${at}`);
    expect(await Promise.all(open.map((cursor) => cursor.hasNext()))).toEqual(open.map(() => false));
  });

  test('that are closed cannot continue', async () => {
    const notes = collection();
    await notes.insertMany(numbered(50));
    const find = { find: notes.collectionName, batchSize: 5, sort: { n: 1 } };
    const { cursor } = await db.command(find, { useBigInt64: true });
    expect(await db.command({ killCursors: notes.collectionName, cursors: [cursor.id] })).toMatchObject({
      cursorsKilled: [expect.anything()],
      cursorsNotFound: [],
    });
    const more = db.command({ getMore: cursor.id, collection: notes.collectionName });
    expect(await serverError(more)).toMatchObject({ code: 43, codeName: 'CursorNotFound' });
  });
});

test('aggregations group, join and count', async () => {
  const [notes, owners] = [collection(), collection()];
  await owners.insertMany([
    { _id: 1, name: 'Ada' },
    { _id: 2, name: 'Bo' },
  ]);
  await notes.insertMany([{ owner: 1 }, { owner: 2 }, { owner: 1 }]);
  const result = await notes
    .aggregate([
      { $group: { _id: '$owner', notes: { $sum: 1 } } },
      { $lookup: { from: owners.collectionName, localField: '_id', foreignField: '_id', as: 'owner' } },
      { $project: { _id: 0, notes: 1, name: { $first: '$owner.name' } } },
      { $sort: { name: 1 } },
    ])
    .toArray();
  expect(result).toEqual([
    { notes: 2, name: 'Ada' },
    { notes: 1, name: 'Bo' },
  ]);
  expect(await notes.distinct('owner')).toEqual([1, 2]);
});

test('indexes that expire documents keep their definition', async () => {
  const sessions = collection();
  await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
  await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
  const indexes = await sessions.indexes();
  expect(indexes).toHaveLength(2);
  expect(indexes).toContainEqual(expect.objectContaining({ name: 'expires_1', expireAfterSeconds: 0 }));
});

test('collections and databases are listed and dropped', async () => {
  const other = client.db('other');
  await other.createCollection('a');
  await other.collection('b').insertOne({});
  expect((await other.listCollections().toArray()).map(({ name }) => name).toSorted()).toEqual(['a', 'b']);
  await other.collection('a').drop();
  await other.collection('b').rename('c');
  expect((await other.listCollections().toArray()).map(({ name }) => name)).toEqual(['c']);
  await other.dropDatabase();
  expect((await db.admin().listDatabases()).databases.map(({ name }) => name)).not.toContain('other');
});

test.each([
  ['an unknown command', () => db.command({ frobnicate: 1 }), { code: 59, codeName: 'CommandNotFound' }],
  ['an unknown operator', () => collection().find({ $bad: 1 }).toArray(), { code: 2, codeName: 'BadValue' }],
  [
    'a missing collection',
    () => db.collection('none').indexes(),
    { code: 26, codeName: 'NamespaceNotFound' },
  ],
  ['a change stream', () => collection().watch().next(), { code: 40573 }],
])('%s gets MongoDB’s code', async (_, ask, expected) => {
  expect(await serverError(ask())).toMatchObject(expected);
});

test('a transaction is refused with a message', async () => {
  const session = client.startSession();
  const notes = collection();
  try {
    const error = await serverError(session.withTransaction(() => notes.insertOne({}, { session })));
    expect(error).toMatchObject({
      code: 263,
      message: expect.stringContaining('no multi-document transactions'),
    });
  } finally {
    await session.endSession();
  }
  expect(await notes.countDocuments()).toBe(0);
});

test('writes are acknowledged for the majority and the journal, or not at all', async () => {
  const notes = collection();
  const sure = await notes.insertOne({ _id: 1 }, { writeConcern: { w: 'majority', j: true } });
  const unsure = await notes.insertOne({ _id: 2 }, { writeConcern: { w: 0 } });
  expect([sure.acknowledged, unsure.acknowledged]).toEqual([true, false]);
});

test('a connection that violates the protocol is closed, and the others stay open', async () => {
  const socket = connect(server.port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {}).write(Buffer.alloc(64, 0xff));
  await closed;
  expect(await db.command({ ping: 1 })).toMatchObject({ ok: 1 });
});

test('two hundred connections are served together', async () => {
  const notes = collection();
  const clients = await Promise.all(
    Array.from({ length: 10 }, () =>
      new MongoClient(server.url, { maxPoolSize: 20, minPoolSize: 20 }).connect(),
    ),
  );
  try {
    await Promise.all(
      clients.flatMap((one) =>
        numbered(40).map((each) => one.db('app').collection(notes.collectionName).insertOne(each)),
      ),
    );
    expect(await notes.countDocuments()).toBe(400);
  } finally {
    await Promise.all(clients.map((one) => one.close()));
  }
});
