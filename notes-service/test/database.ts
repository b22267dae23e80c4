import { randomUUID } from 'node:crypto';
import pg from 'pg';

const migrated = () => process.env['TEST_NOTES_TEMPLATE_URL'] ?? '';

/** Clones the migrated template database for one test file. Returns the URL of the clone. */
export const createDatabase = (): Promise<string> => cloneDatabase(new URL(migrated()));

/** Creates a database without tables. Returns its URL. */
export const createEmptyDatabase = (): Promise<string> =>
  cloneDatabase(Object.assign(new URL(migrated()), { pathname: '/template0' }));

async function cloneDatabase(template: URL): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new URL(template);
  admin.pathname = '/postgres';
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  await client.query(
    `create database ${name} template ${client.escapeIdentifier(template.pathname.slice(1))}`,
  );
  await client.end();
  return Object.assign(new URL(template), { pathname: `/${name}` }).href;
}
