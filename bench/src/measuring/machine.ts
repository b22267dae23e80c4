import { cpus, totalmem } from 'node:os';
import type pg from 'pg';

const settings = [
  'shared_buffers',
  'effective_cache_size',
  'work_mem',
  'random_page_cost',
  'effective_io_concurrency',
  'jit',
  'fsync',
];

/** The machine and the version of Node that a measurement depends on. */
export function describeMachine(): string {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} cores (${cores[0]?.model.trim()}), ${gigabytes} GB of memory, Node ${process.version}`;
}

/** The version and the settings of PostgreSQL that a measurement depends on. */
export async function describePostgres(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `select name, current_setting(name) as value from unnest($1::text[]) as settings (name)`,
    [['server_version', ...settings]],
  );
  const [version, ...values] = rows;
  return `PostgreSQL ${version?.value}, ${values.map(({ name, value }) => `\`${name} = ${value}\``).join(', ')}`;
}
