import { StartError } from '@polyglot-notes/service-kit';
import type { Connection, mongo } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.ts';
import { requireRestored } from './incomplete-restore.ts';

/**
 * One numbered step from an empty database to the current one. Two commands that overlap may both run it, so `up` must
 * give the same result when it runs twice. A released migration never changes.
 */
export interface Migration {
  /** A number and what the migration does: `0001-indexes`. */
  name: string;
  up(db: mongo.Db): Promise<void>;
}

interface Applied {
  _id: string;
  appliedAt: Date;
}

/** Applies the migrations that the database does not have yet, in order, and returns their names. */
export async function migrate(connection: Connection, migrations: readonly Migration[]): Promise<string[]> {
  const pending = await pendingOf(connection, migrations);
  for (const migration of pending) {
    await migration.up(databaseOf(connection));
    await record(connection, migration.name);
  }
  return pending.map(({ name }) => name);
}

/**
 * Throws a StartError that names the migrations that the database does not have yet, if there are any, or says that it is
 * not restored completely.
 */
export async function requireMigrations(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<void> {
  await requireRestored(connection);
  const pending = await pendingOf(connection, migrations);
  if (pending.length === 0) return;
  throw new StartError(
    `The database ${connection.name} lacks the migrations ${pending.map(({ name }) => name).join(', ')}: run "npm run migrate" of this service first.`,
  );
}

/** The names of the applied migrations. */
export async function appliedMigrations(connection: Connection): Promise<string[]> {
  const applied = await appliedIn(connection).find().sort({ _id: 1 }).toArray();
  return applied.map(({ _id }) => _id);
}

async function pendingOf(connection: Connection, migrations: readonly Migration[]): Promise<Migration[]> {
  const names = new Set(await appliedMigrations(connection));
  return migrations.filter(({ name }) => !names.has(name));
}

async function record(connection: Connection, name: string): Promise<void> {
  try {
    await appliedIn(connection).insertOne({ _id: name, appliedAt: new Date() });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

/** The collection with the names of the applied migrations. */
export const migrationsCollection = 'migrations';

const appliedIn = (connection: Connection) =>
  databaseOf(connection).collection<Applied>(migrationsCollection);

function databaseOf({ db }: Connection): mongo.Db {
  if (db === undefined) throw new Error('not connected');
  return db;
}
