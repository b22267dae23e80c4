import { env, readEnv, StartError } from '@polyglot-notes/service-kit';
import { z } from 'zod';

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
};

export type BackupSettings = z.output<z.ZodObject<typeof backupEnv>>;

/** Throws a StartError also when the file of the passphrase is empty: the backup would not be encrypted. */
export function readBackupSettings(environment: Record<string, string | undefined>): BackupSettings {
  const settings = readEnv(z.object(backupEnv), environment);
  const { BACKUP_PASSPHRASE_FILE: file } = environment;
  if (file && settings.BACKUP_PASSPHRASE === undefined) throw new StartError(`${file} has no passphrase.`);
  return settings;
}
