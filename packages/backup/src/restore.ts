import { StartError } from '@polyglot-notes/service-kit';
import type { Database, KnownDatabase, ReadTable } from './database.ts';
import { knownDatabases } from './databases.ts';
import { checkFile, readCompressed } from './files.ts';
import { openBackup, tablePath, type BackupChoice, type OpenBackup } from './folder.ts';
import { checkMigrations, type Manifest, type StoredDatabase } from './manifest.ts';
import { summaryOf } from './summary.ts';

// Tombstones of accounts expire after this time, and so do notes in the trash by default.
const tombstoneDays = 30;

/**
 * Checks that the files of a backup are complete and unchanged, and that this version can restore it. Returns the output of
 * the command.
 */
export async function verify(choice: BackupChoice): Promise<string> {
  const backup = await openBackup(choice);
  for (const database of knownDatabases) storedOf(database, backup.manifest);
  await checkFiles(backup);
  const { folder, manifest } = backup;
  return [`${folder} is complete and unchanged.`, ...summaryOf(manifest.databases)].join('\n');
}

/**
 * Restores all databases, which no service may use. Refuses databases with data in them unless `isToReplace`. Checks the
 * databases and the whole backup before it changes anything. After an interruption, no service starts until a restore has
 * ended. Returns the output of the command.
 */
export async function restore(
  databases: readonly Database[],
  { isToReplace, ...choice }: BackupChoice & { isToReplace: boolean },
): Promise<string> {
  const backup = await openBackup(choice);
  const { folder, manifest } = backup;
  const pairs = databases.map((database) => ({ database, stored: storedOf(database, manifest) }));
  for (const { database } of pairs) {
    if (!(await database.isEmpty()) && !isToReplace)
      throw new StartError(
        `The database ${database.name} is not empty. --replace erases all databases first.`,
      );
  }
  await checkFiles(backup);
  for (const { database } of pairs) await database.beginRestore();
  const foreign: string[] = [];
  for (const { database, stored } of pairs)
    foreign.push(...(await database.restore(stored, readerOf(database, backup))));
  for (const { database } of pairs) await database.endRestore();
  return [`Restored from ${folder}`, ...summaryOf(manifest.databases), ...warningsOf(manifest, foreign)].join(
    '\n',
  );
}

async function checkFiles({ folder, manifest, encryption }: OpenBackup): Promise<void> {
  for (const [database, { kind, tables }] of Object.entries(manifest.databases))
    for (const { name, ...digest } of tables)
      await checkFile(tablePath(folder, database, name, kind, encryption), digest);
}

function storedOf({ name, kind, knownMigrations }: KnownDatabase, manifest: Manifest): StoredDatabase {
  const stored = manifest.databases[name];
  if (stored?.kind !== kind) throw new StartError(`The backup has no database ${name} of kind ${kind}.`);
  checkMigrations(`The database ${name} of the backup`, stored.migrations, knownMigrations);
  return stored;
}

const readerOf =
  ({ name, kind }: Database, { folder, encryption }: OpenBackup): ReadTable =>
  (table, into) =>
    readCompressed(tablePath(folder, name, table.name, kind, encryption), encryption, into);

function warningsOf({ begunAt }: Manifest, foreign: readonly string[]): string[] {
  const days = Math.floor((Date.now() - Date.parse(begunAt)) / 86_400_000);
  return [
    ...foreign.map((name) => `${name} is not restored: no migration creates it.`),
    `All changes since ${begunAt} are lost. Accounts that were deleted or deactivated since then are active again.`,
    ...(days < tombstoneDays
      ? []
      : [
          `The backup is ${days} days old: its tombstones, its sessions and the notes in its trash expire when the services start.`,
        ]),
  ];
}
