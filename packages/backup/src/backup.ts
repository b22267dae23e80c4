import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '@polyglot-notes/service-kit';
import type { Database } from './database.ts';
import { writeCompressed } from './files.ts';
import { createFolder, removeOld, tablePath } from './folder.ts';
import { manifestText, type StoredDatabase, type StoredTable } from './manifest.ts';
import { summaryOf } from './summary.ts';

export interface BackupOptions {
  /** The folder of all backups. */
  dir: string;
  passphrase: string | undefined;
  /** How many backups stay; all when undefined. */
  keep: number | undefined;
}

/** Backs up the databases, one after another. Returns the output of the command. */
export async function backUp(databases: readonly Database[], options: BackupOptions): Promise<string> {
  const { dir, passphrase, keep } = options;
  const begunAt = new Date();
  const { folder, encryption, finish, discard } = await createFolder(dir, begunAt, passphrase);

  async function store({ name, kind, dump }: Database): Promise<StoredDatabase> {
    const begun = new Date();
    const tables: StoredTable[] = [];
    await mkdir(join(folder, name), { mode: 0o700 });
    const migrations = await dump(async ({ name: table, columns, content, rows }) => {
      const path = tablePath(folder, name, table, kind, encryption);
      const digest = await writeCompressed(path, content, encryption);
      tables.push({ name: table, ...(columns && { columns }), rows: rows(), ...digest });
    });
    return { kind, begunAt: begun.toISOString(), endedAt: new Date().toISOString(), migrations, tables };
  }

  async function storeAll() {
    const stored: Record<string, StoredDatabase> = {};
    for (const database of databases) stored[database.name] = await store(database);
    const endedAt = new Date();
    const times = { begunAt: begunAt.toISOString(), endedAt: endedAt.toISOString() };
    return { stored, endedAt, path: await finish(manifestText({ ...times, databases: stored })) };
  }

  const { stored, endedAt, path } = await storeAll().catch(async (error: unknown) => {
    await discard();
    throw error;
  });
  const removed = keep === undefined ? [] : await removeOld(dir, keep, begunAt);
  for (const { name, recordBackup } of databases)
    await recordBackup?.(endedAt).catch((cause: unknown) => {
      throw new StartError(
        `The backup in ${path} is whole, but its time could not be recorded in the database ${name}: ${String(cause)}`,
        { cause },
      );
    });
  return [
    `The backup is in ${path}`,
    ...summaryOf(stored),
    ...(removed.length === 0 ? [] : [`Removed: ${removed.join(', ')}`]),
  ].join('\n');
}
