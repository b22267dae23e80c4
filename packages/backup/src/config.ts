import { env, readEnv } from '@polyglot-notes/service-kit';
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

export const readBackupSettings = (environment: Record<string, string | undefined>): BackupSettings =>
  readEnv(z.object(backupEnv), environment);
