import { StartError } from '@polyglot-notes/service-kit';
import type { Connection, mongo } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.ts';

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

/** Throws a StartError that names the migrations that the database does not have yet, if there are any. */
export async function requireMigrations(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<void> {
  const pending = await pendingOf(connection, migrations);
  if (pending.length === 0) return;
  throw new StartError(
    `The database ${connection.name} lacks the migrations ${pending.map(({ name }) => name).join(', ')}: run "npm run migrate" of this service first.`,
  );
}

async function pendingOf(connection: Connection, migrations: readonly Migration[]): Promise<Migration[]> {
  const applied = await appliedMigrations(connection).find().toArray();
  const names = new Set(applied.map(({ _id }) => _id));
  return migrations.filter(({ name }) => !names.has(name));
}

async function record(connection: Connection, name: string): Promise<void> {
  try {
    await appliedMigrations(connection).insertOne({ _id: name, appliedAt: new Date() });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

const appliedMigrations = (connection: Connection) =>
  databaseOf(connection).collection<Applied>('migrations');

function databaseOf({ db }: Connection): mongo.Db {
  if (db === undefined) throw new Error('not connected');
  return db;
}
