import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { StartError } from '@polyglot-notes/service-kit';
import { migrations as authMigrations } from '../../../auth-service/src/migrations.ts';
import {
  createLatestBackupRepository,
  latestBackupCollection,
} from '../../../user-service/src/latest-backup/latest-backup.repository.ts';
import { migrations as userMigrations } from '../../../user-service/src/migrations.ts';
import type { DatabaseSettings } from './config.ts';
import type { Database, KnownDatabase } from './database.ts';
import { mongoDatabase } from './mongodb/mongodb.ts';
import { postgresDatabase } from './postgresql/postgresql.ts';

const notesService = new URL('../../../notes-service/', import.meta.url);

const notesMigrations = readdirSync(new URL('prisma/migrations/', notesService), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();
const namesOf = (migrations: readonly { name: string }[]) => migrations.map(({ name }) => name);

/** What this version knows of the databases in a backup. */
export const knownDatabases: readonly KnownDatabase[] = [
  { name: 'notes', kind: 'postgresql', knownMigrations: notesMigrations },
  { name: 'user', kind: 'mongodb', knownMigrations: namesOf(userMigrations) },
  { name: 'auth', kind: 'mongodb', knownMigrations: namesOf(authMigrations) },
];

/**
 * The databases of the system, in the order of a backup. Reconciliation repairs the effects of writes meanwhile: changes of
 * accounts begin in auth-service and user-service, and a store that is read later has the changes that an earlier one lacks.
 */
export const databasesOf = (settings: DatabaseSettings): Database[] => [
  postgresDatabase({
    name: 'notes',
    url: settings.NOTES_DATABASE_URL,
    knownMigrations: notesMigrations,
    migrate: (last) => migrateNotes(settings.NOTES_DATABASE_URL, last),
    afterRestore: readFileSync(new URL('prisma/after-restore.sql', notesService), 'utf8'),
  }),
  mongoDatabase({
    name: 'user',
    url: settings.USER_MONGODB_URL,
    database: settings.USER_DATABASE,
    migrations: userMigrations,
    first: ['profiles'],
    // A restored database must not report a backup that may be on another machine.
    leftOut: [latestBackupCollection],
    recordBackup: (connection, endedAt) => createLatestBackupRepository(connection).record(endedAt),
  }),
  mongoDatabase({
    name: 'auth',
    url: settings.AUTH_MONGODB_URL,
    database: settings.AUTH_DATABASE,
    migrations: authMigrations,
    // An account is found before its tombstone, and an event in its document before the audit trail: both may be in the
    // backup, but not neither.
    first: ['credentials', 'sessions', 'erasures'],
    // With new signing keys, no access token from before the restore is valid, so no revocation of one is lost.
    leftOut: ['signingKeys'],
  }),
];

/** In a process of its own, because it keeps its lock until it ends. */
async function migrateNotes(url: string, last: string | undefined): Promise<void> {
  const program = fileURLToPath(new URL('src/migrate.ts', notesService));
  const to = last === undefined ? [] : ['--to', last];
  try {
    await promisify(execFile)(process.execPath, [program, ...to], {
      // Setting both is an error.
      env: { ...process.env, DATABASE_URL: url, DATABASE_URL_FILE: '' },
    });
  } catch (cause) {
    const words = Error.isError(cause) && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new StartError(words, { cause });
  }
}
