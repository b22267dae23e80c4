import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** A PostgreSQL database of its own for one test file: a clone of the migrated template. Its URL. */
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
