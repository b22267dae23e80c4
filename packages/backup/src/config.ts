import { readFileSync } from 'node:fs';
import { env, StartError } from '@polyglot-notes/service-kit';
import type { z } from 'zod';

/** Where the databases are. */
export const databaseEnv = {
  NOTES_DATABASE_URL: env.databaseUrl('postgresql', 'postgres'),
  USER_MONGODB_URL: env.databaseUrl('mongodb', 'mongodb+srv'),
  USER_DATABASE: env.text().default('micro-user-db'),
  AUTH_MONGODB_URL: env.databaseUrl('mongodb', 'mongodb+srv'),
  AUTH_DATABASE: env.text().default('micro-auth-db'),
};

export type DatabaseSettings = z.output<z.ZodObject<typeof databaseEnv>>;

export const backupEnv = {
  /** The folder of all backups. */
  BACKUP_DIR: env.text().default('backups'),
  /** How many backups stay. All by default. */
  BACKUP_KEEP: env.integer(1, 10_000).optional(),
  /** Encrypts the backups. */
  BACKUP_PASSPHRASE: env.text().optional(),
  /** A file with the passphrase, in its first line. */
  BACKUP_PASSPHRASE_FILE: env.text().optional(),
};

type BackupSettings = z.output<z.ZodObject<typeof backupEnv>>;

/** Undefined for backups that are not encrypted. Throws a StartError when the file has none. */
export function passphraseOf({
  BACKUP_PASSPHRASE,
  BACKUP_PASSPHRASE_FILE,
}: Pick<BackupSettings, 'BACKUP_PASSPHRASE' | 'BACKUP_PASSPHRASE_FILE'>): string | undefined {
  if (BACKUP_PASSPHRASE !== undefined || BACKUP_PASSPHRASE_FILE === undefined) return BACKUP_PASSPHRASE;
  const [line = ''] = readFileSync(BACKUP_PASSPHRASE_FILE, 'utf8').split(/\r?\n/);
  if (line === '') throw new StartError(`${BACKUP_PASSPHRASE_FILE} has no passphrase in its first line.`);
  return line;
}
