// Statements in SQL alone, without a service.
import type pg from 'pg';
import { percentile } from '../measuring/percentile.ts';
import { cases } from './cases.ts';
import type { Database } from './databases.ts';

const rounds = 11;

/** Milliseconds of the rare word of an owner at p50, with the GIN index and without. */
export async function compareIndex({ client }: Database, owner: string, word: string) {
  const sql = `select id from notes where user_id = '${owner}' and tsv @@ '${word}'::tsquery
               order by updated_at desc, id desc limit 21`;
  const withIndex = await timeOf(client, sql);
  await client.query('begin');
  const { rows } = await client.query<{ name: string }>(
    `select indexrelid::regclass::text as name from pg_index join pg_class on pg_class.oid = indexrelid
     join pg_am on pg_am.oid = relam where indrelid = 'notes'::regclass and amname = 'gin'`,
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  const without = await timeOf(client, sql);
  await client.query('rollback');
  return { withIndex, without };
}

/**
 * Milliseconds of the searches of an owner at p50 as they were before the notes were partitioned: the GIN index finds the
 * notes of any owner, and all matches are ranked.
 */
export async function timeBefore({ client }: Database, owner: string): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const { name, tsquery } of cases) {
    if (tsquery === undefined) continue;
    const sql = `select id, ts_rank(tsv, '${tsquery.replace(' & ', ' | ')}'::tsquery, 1)::float8 as rank from notes
                 where user_id = '${owner}' and tsv @@ '${tsquery}'::tsquery and archived = false
                 order by rank desc, id desc limit 21`;
    times.set(name, await timeOf(client, sql));
  }
  return times;
}

async function timeOf(client: pg.Client, sql: string): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ 'Execution Time': number }] }>(
      `explain (analyze, timing off, format json) ${sql}`,
    );
    took.push(rows[0]!['QUERY PLAN'][0]['Execution Time']);
  }
  return percentile(took, 0.5);
}
