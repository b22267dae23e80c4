import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** Clones the migrated template database for one test file. Returns the URL of the clone. */
export async function createDatabase(): Promise<string> {
  const template = new URL(process.env['TEST_NOTES_TEMPLATE_URL'] ?? '');
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
