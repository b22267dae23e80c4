import { isDeepStrictEqual } from 'node:util';
import { MongoClient, type Collection, type Db, type Document } from 'mongodb';
import pg from 'pg';
import { notesFaultsSql } from '../notes-service/test/stored-notes.ts';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';

type Entry = Document & { _id: string };

/** Direct access to the three stores of a system, past its services. */
export async function openStores({ mongo, databaseUrl }: Pick<TestSystem, 'mongo' | 'databaseUrl'>) {
  const client = await MongoClient.connect(mongo.url);
  const notes = new pg.Client({ connectionString: databaseUrl });
  await notes.connect();
  const [auth, user] = [client.db(mongo.auth), client.db(mongo.user)];
  const collection = (db: Db, name: string) => db.collection<Entry>(name);

  return {
    credentials: collection(auth, 'credentials'),
    erasures: collection(auth, 'erasures'),
    sessions: collection(auth, 'sessions'),
    signingKeys: collection(auth, 'signingKeys'),
    events: collection(auth, 'events'),
    profiles: collection(user, 'profiles'),
    activeAdmins: collection(user, 'activeAdmins'),

    /** Whether the active-admin set contains the active admins and nobody else. */
    async isActiveAdminSetRight(): Promise<boolean> {
      const admins = await collection(user, 'profiles').find({ role: 'admin', status: 'active' }).toArray();
      const set = await collection(user, 'activeAdmins').findOne({ _id: 'admins' });
      const ids: string[] = set?.['ids'] ?? [];
      return isDeepStrictEqual(ids.toSorted(), admins.map(({ _id }) => _id).toSorted());
    },

    /** All that the three stores contain, as one text. */
    async everything(): Promise<string> {
      const { rows } = await notes.query<{ name: string }>(
        "select tablename as name from pg_tables where schemaname = 'public'",
      );
      const tables = rows.map(async ({ name }) => (await notes.query(`select * from "${name}"`)).rows);
      const collections = [auth, user].map(async (db) => {
        const names = (await db.listCollections().toArray()).map(({ name }) => name);
        return Promise.all(names.map((name) => db.collection(name).find().toArray()));
      });
      return JSON.stringify(await Promise.all([...tables, ...collections]));
    },

    /** The ids of the stored sessions without an account. */
    async orphanedSessions(): Promise<string[]> {
      const sessions = await collection(auth, 'sessions').find().toArray();
      const accounts = await collection(auth, 'credentials').find().toArray();
      const ids = new Set(accounts.map(({ _id }) => _id));
      return sessions.filter(({ userId }) => !ids.has(userId)).map(({ _id }) => _id);
    },

    /** The number of notes of a user. */
    async countNotes(userId: string): Promise<number> {
      const { rows } = await notes.query<{ count: number }>(
        'select count(*)::int as count from notes where user_id = $1',
        [userId],
      );
      return rows[0]?.count ?? 0;
    },

    /** What is wrong in the tables of notes-service, where each note keeps so many earlier versions. */
    async notesFaults(versionsPerNote = 100): Promise<string[]> {
      const { rows } = await notes.query<{ fault: string }>(notesFaultsSql, [versionsPerNote, false]);
      return rows.map(({ fault }) => fault);
    },

    sql: (text: string, values: unknown[] = []) => notes.query(text, values),

    backUp,

    backUpNotes: () => backUpNotes(notes),

    /** Loses all that is stored. */
    async loseAll(): Promise<void> {
      await Promise.all([
        auth.dropDatabase(),
        user.dropDatabase(),
        notes.query('drop schema public cascade; create schema public'),
      ]);
    },

    async close(): Promise<void> {
      await Promise.all([client.close(), notes.end()]);
    },
  };
}

export type Stores = Awaited<ReturnType<typeof openStores>>;

/** Copies the collections; the returned function restores them. */
async function backUp(...collections: Collection<Entry>[]) {
  const copies = await Promise.all(collections.map((one) => one.find().toArray()));
  return async function restore(): Promise<void> {
    for (const [index, one] of collections.entries()) {
      await one.deleteMany({});
      const documents = copies[index] ?? [];
      if (documents.length > 0) await one.insertMany(documents);
    }
  };
}

/** Copies all that notes-service stores; the returned function restores it. */
async function backUpNotes(notes: pg.Client) {
  const tables = ['owners', 'notes', 'note_versions', 'destroyed_notes', 'idempotency_keys'];
  const copies = await Promise.all(
    tables.map(async (table) => ({ table, rows: (await notes.query(`select * from ${table}`)).rows })),
  );
  // The database computes the column `tsv`.
  const insert = (table: string, { tsv: _computed, ...row }: Record<string, unknown>) => {
    const names = Object.keys(row).join();
    return notes.query(
      `insert into ${table} (${names}) select ${names} from jsonb_populate_record(null::${table}, $1)`,
      [JSON.stringify(row)],
    );
  };
  return async function restore(): Promise<void> {
    await notes.query(`truncate ${tables.join()}`);
    for (const { table, rows } of copies) for (const row of rows) await insert(table, row);
  };
}
