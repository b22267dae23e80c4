import { env, readEnv } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { connect } from './database.ts';
import { requireRestored } from './incomplete-restore.ts';
import { migrate, type Migration } from './migrations.ts';

/**
 * The command that migrates the database MONGODB_DATABASE (or `defaultDatabase`) at MONGODB_URL. Prints what it applied
 * and ends the process with 0, or with 1 and the reason.
 */
export async function runMigrations(
  defaultDatabase: string,
  migrations: readonly Migration[],
): Promise<never> {
  try {
    const { MONGODB_URL, MONGODB_DATABASE } = readEnv(
      z.object({
        MONGODB_URL: env.databaseUrl('mongodb', 'mongodb+srv'),
        MONGODB_DATABASE: env.text().default(defaultDatabase),
      }),
      process.env,
    );
    const connection = await connect(MONGODB_URL, MONGODB_DATABASE);
    await requireRestored(connection);
    const applied = await migrate(connection, migrations);
    await connection.close();
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
    process.exit(0);
  } catch (error) {
    console.error(
      `The database could not be migrated: ${Error.isError(error) ? error.message : String(error)}`,
    );
    process.exit(1);
  }
}
