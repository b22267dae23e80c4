import type { StoredDatabase, StoredTable } from './manifest.ts';

/** The rows of a table, or the documents of a collection. */
export interface TableContent {
  name: string;
  columns?: string[];
  content: AsyncIterable<Buffer>;
  /** The number of rows, known after the content. */
  rows: () => number;
}

/** Passes the content of a stored table to `into`. */
export type ReadTable = (
  table: StoredTable,
  into: (content: AsyncIterable<Buffer>) => Promise<void>,
) => Promise<void>;

export interface KnownDatabase {
  name: string;
  kind: 'postgresql' | 'mongodb';
  /** The migrations of this version, in order. */
  knownMigrations: readonly string[];
}

/** A database that can be backed up and restored. */
export interface Database extends KnownDatabase {
  /**
   * Passes one table after another to `write`, while others may write. Resolves with the applied migrations. Throws a
   * StartError before the first table when this version does not know them.
   */
  dump: (write: (table: TableContent) => Promise<void>) => Promise<string[]>;
  /** Records when a whole backup of all databases ended. One of the databases keeps the time. */
  recordBackup?: (endedAt: Date) => Promise<void>;
  /**
   * Whether there is nothing in it, not even a migration. Throws a StartError when a restore cannot replace it, or when it
   * is in use.
   */
  isEmpty: () => Promise<boolean>;
  /** Until `endRestore`, the service of a database of kind `mongodb` does not start. */
  beginRestore: () => Promise<void>;
  /**
   * Replaces all that is in the database, and applies the migrations that the backup lacks. Resolves with the names of the
   * tables that cannot be restored, because no migration creates them.
   */
  restore: (backup: StoredDatabase, read: ReadTable) => Promise<string[]>;
  endRestore: () => Promise<void>;
}
