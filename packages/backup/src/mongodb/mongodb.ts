import {
  appliedMigrations,
  beginRestore,
  connect,
  endRestore,
  incompleteRestore,
  migrate,
  migrationsCollection,
  requireRestored,
  type Migration,
} from '@polyglot-notes/mongo-kit';
import { StartError } from '@polyglot-notes/service-kit';
import type { Connection, mongo } from 'mongoose';
import type { Database } from '../database.ts';
import { checkMigrations } from '../manifest.ts';
import { batches, joined } from './bson-stream.ts';

export interface MongoOptions {
  name: string;
  url: string;
  /** The name of the database at `url`. */
  database: string;
  migrations: readonly Migration[];
  /** The collections that are read first, in this order. The others follow by name. */
  first: readonly string[];
  /** The collections that are not in the backup. */
  leftOut: readonly string[];
  recordBackup?: (connection: Connection, endedAt: Date) => Promise<void>;
}

// `migrate` fills the first one, and a restore the second one.
const notData = new Set([migrationsCollection, incompleteRestore]);

/** Reads and writes a MongoDB database through its driver. */
export function mongoDatabase(options: MongoOptions): Database {
  const { name, url, database, migrations, first, leftOut, recordBackup } = options;

  async function connected<Result>(
    work: (connection: Connection, db: mongo.Db) => Promise<Result>,
  ): Promise<Result> {
    const connection = await connect(url, database);
    try {
      if (connection.db === undefined) throw new Error('not connected');
      return await work(connection, connection.db);
    } finally {
      await connection.close();
    }
  }

  const knownMigrations = migrations.map((migration) => migration.name);

  return {
    name,
    kind: 'mongodb',
    knownMigrations,

    dump: (write) =>
      connected(async (connection, db) => {
        await requireRestored(connection);
        const applied = await appliedMigrations(connection);
        checkMigrations(`The database ${database}`, applied, knownMigrations);
        const names = (await dataCollections(db)).filter((each) => !leftOut.includes(each));
        for (const collection of inOrder(names, first)) {
          let rows = 0;
          const content = joined(rawDocuments(db, collection), () => rows++);
          await write({ name: collection, content, rows: () => rows });
        }
        return applied;
      }),

    ...(recordBackup && {
      recordBackup: (endedAt: Date) => connected((connection) => recordBackup(connection, endedAt)),
    }),

    isEmpty: () =>
      connected(async (_connection, db) => {
        const collections = await db.listCollections().toArray();
        refuseOthers(collections);
        return collections.length === 0;
      }),

    beginRestore: () => connected(beginRestore),

    restore: (backup, read) =>
      connected(async (connection, db) => {
        for (const collection of [migrationsCollection, ...(await dataCollections(db))])
          await db.collection(collection).drop();
        const isInBackup = (migration: Migration) => backup.migrations.includes(migration.name);
        await migrate(connection, migrations.filter(isInBackup));
        // Documents that migrations insert are in the backup, too.
        for (const collection of await dataCollections(db)) await db.collection(collection).deleteMany({});
        for (const table of backup.tables) await read(table, (content) => insertAll(db, table, content));
        await migrate(connection, migrations);
        return [];
      }),

    endRestore: () => connected(endRestore),
  };
}

async function dataCollections(db: mongo.Db): Promise<string[]> {
  const collections = await db.listCollections().toArray();
  refuseOthers(collections);
  return collections
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.') && !notData.has(name));
}

/** Throws a StartError for views and time series. */
function refuseOthers(collections: { name: string; type?: string }[]): void {
  const other = collections.find(({ name, type }) => type !== 'collection' && !name.startsWith('system.'));
  if (other !== undefined)
    throw new StartError(
      `${other.name} is no ordinary collection: it can be neither backed up nor replaced. Remove it first.`,
    );
}

const inOrder = (names: readonly string[], first: readonly string[]): string[] => [
  ...first.filter((name) => names.includes(name)),
  ...names.filter((name) => !first.includes(name)).toSorted(),
];

/** In the order of the ids, so that a document which changes meanwhile is read exactly once. */
const rawDocuments = (db: mongo.Db, collection: string) =>
  db
    .collection(collection)
    .find(
      {},
      { raw: true, sort: { _id: 1 }, batchSize: 1_000 },
    ) as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;

async function insertAll(
  db: mongo.Db,
  { name, rows }: { name: string; rows: number },
  content: AsyncIterable<Buffer>,
): Promise<void> {
  let inserted = 0;
  for await (const documents of batches(content)) {
    const { insertedCount } = await db.collection(name).insertMany(documents, { ordered: false });
    inserted += insertedCount;
  }
  if (inserted !== rows) throw new Error(`${inserted} of ${rows} documents of ${name} were restored.`);
}
