import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect, migrate } from '@polyglot-notes/mongo-kit';
import type { Connection } from 'mongoose';
import pg from 'pg';
import { migrations as authMigrations } from '../../../auth-service/src/migrations.ts';
import { migrations as userMigrations } from '../../../user-service/src/migrations.ts';
import type { DatabaseSettings } from '../src/config.ts';
import { databasesOf } from '../src/databases.ts';

const mongoUrl = process.env['TEST_MONGODB_URL'] ?? '';
const notesUrl = (database: string) =>
  Object.assign(new URL(process.env['TEST_NOTES_TEMPLATE_URL'] ?? ''), { pathname: `/${database}` }).href;
const notesMigrations = fileURLToPath(new URL('../../../notes-service/src/migrate.ts', import.meta.url));

export type TestSystem = Awaited<ReturnType<typeof newSystem>>;

/** Three new databases: empty, or migrated to the version before the last migrations. */
export async function newSystem(state: 'empty' | 'older') {
  const name = randomUUID().replaceAll('-', '').slice(0, 12);
  const database = (service: string) => `${process.env['TEST_MONGODB_PREFIX']}${name}-${service}`;
  const settings: DatabaseSettings = {
    NOTES_DATABASE_URL: await createNotesDatabase(`test_${name}`),
    USER_MONGODB_URL: mongoUrl,
    USER_DATABASE: database('user'),
    AUTH_MONGODB_URL: mongoUrl,
    AUTH_DATABASE: database('auth'),
  };
  const [user, auth] = await Promise.all([
    connect(mongoUrl, settings.USER_DATABASE),
    connect(mongoUrl, settings.AUTH_DATABASE),
  ]);
  const databases = databasesOf(settings);
  if (state === 'older') {
    const last = databases[0]?.knownMigrations.at(-2) ?? '';
    await promisify(execFile)(process.execPath, [notesMigrations, '--to', last], {
      env: { DATABASE_URL: settings.NOTES_DATABASE_URL },
    });
    await migrate(user, userMigrations.slice(0, -1));
    await migrate(auth, authMigrations.slice(0, -1));
  }
  return {
    settings,
    databases,
    user: databaseOf(user),
    auth: databaseOf(auth),
    connections: { user, auth },

    /** Runs one statement on a connection that ends before the result. */
    sql: (text: string, values: unknown[] = []) => onDatabase(settings.NOTES_DATABASE_URL, text, values),

    /** Opens a connection to the notes. Resolves with a function to close it. */
    async connectToNotes(): Promise<() => Promise<void>> {
      const client = new pg.Client({ connectionString: settings.NOTES_DATABASE_URL });
      await client.connect();
      return () => client.end();
    },

    async close(): Promise<void> {
      await Promise.all([user.dropDatabase(), auth.dropDatabase()]);
      await Promise.all([user.close(), auth.close()]);
    },
  };
}

function databaseOf({ db }: Connection) {
  if (db === undefined) throw new Error('not connected');
  return db;
}

async function createNotesDatabase(name: string): Promise<string> {
  await onDatabase(notesUrl('postgres'), `create database ${name} template template0`);
  return notesUrl(name);
}

async function onDatabase(url: string, text: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
