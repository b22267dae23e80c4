import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartError, errorCode } from '@polyglot-notes/service-kit';
import pg from 'pg';

/** Makes the database `name` on the server at `serverUrl` if there is none, migrates it, and resolves with its URL. */
export async function migratedDatabase(root: string, serverUrl: string, name: string): Promise<string> {
  await createDatabase(serverUrl, name);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(root, url.href);
  return url.href;
}

async function createDatabase(serverUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect().catch((cause: unknown) => {
    if (errorCode(cause) !== wrongPassword) throw cause;
    throw new StartError(
      'The data in .local/data were made with other secrets than those in .local/secrets.json: restore that file, or remove .local/data to begin anew.',
      { cause },
    );
  });
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

const wrongPassword = '28P01';

/** Runs notes-service's migrations in a process of their own. Throws a StartError with what went wrong. */
async function migrate(root: string, databaseUrl: string): Promise<void> {
  const entry = join(root, 'notes-service', 'src', 'migrate.ts');
  try {
    await promisify(execFile)(process.execPath, [entry], {
      env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
    });
  } catch (cause) {
    const words = Error.isError(cause) && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new StartError(words, { cause });
  }
}
