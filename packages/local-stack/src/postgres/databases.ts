import { errorCode, StartError } from '@polyglot-notes/service-kit';
import pg from 'pg';

const wrongPassword = '28P01';

/** Creates the database `name` on the server at `serverUrl` unless it exists, and resolves with its URL. */
export async function ensureDatabase(serverUrl: string, name: string): Promise<string> {
  await onServer(serverUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
  return databaseUrl(serverUrl, name);
}

/** Copies the database at `templateUrl`, which must have no connections, and resolves with the URL of the copy. */
export async function cloneDatabase(templateUrl: string, name: string): Promise<string> {
  const template = new URL(templateUrl).pathname.slice(1);
  await onServer(databaseUrl(templateUrl, 'postgres'), (client) =>
    client.query(
      `create database ${client.escapeIdentifier(name)} template ${client.escapeIdentifier(template)}`,
    ),
  );
  return databaseUrl(templateUrl, name);
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect().catch((cause: unknown) => {
    if (errorCode(cause) !== wrongPassword) throw cause;
    throw new StartError(
      'The data in .local/data were made with other secrets than those in .local/secrets.json: restore that file, or remove .local/data to begin anew.',
      { cause },
    );
  });
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
