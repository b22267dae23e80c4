import { cloneDatabase, startNotesOn, type TestSystem } from '@polyglot-notes/local-stack/testing';
import pg from 'pg';
import type { PoolNote } from './pool.ts';
import { removePartitions, seedNotes, type Owner } from './seed.ts';

/** A database of notes with a notes-service and a gateway of its own. */
export interface Database {
  total: number;
  isPartitioned: boolean;
  client: pg.Client;
  /** The address of the list of notes at its gateway. */
  list: string;
  stop(): Promise<void>;
}

interface Options {
  templateUrl: string;
  pool: PoolNote[];
  measured: Owner[];
  total: number;
  isPartitioned: boolean;
}

/** Creates a migrated database with `total` notes, and starts a notes-service and a gateway on it. */
export async function createDatabase(
  system: TestSystem,
  { templateUrl, total, isPartitioned, ...seed }: Options,
): Promise<Database> {
  const began = performance.now();
  const name = `notes_${total}_${isPartitioned ? 'partitioned' : 'flat'}`;
  const url = await cloneDatabase(templateUrl, name);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  if (!isPartitioned) await removePartitions(client);
  await seedNotes(client, { ...seed, total });
  const service = await startNotesOn(system, url);
  console.log(`${name}: filled and started in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  return {
    total,
    isPartitioned,
    client,
    list: `${service.url}/api/notes`,
    async stop() {
      await service.stop();
      await client.end();
    },
  };
}

/** Milliseconds of the rare word of an owner in SQL at p50, with the GIN index and without. */
export async function compareIndex({ client }: Database, owner: string, word: string) {
  const withIndex = await timeWord(client, owner, word);
  await client.query('begin');
  const { rows } = await client.query<{ name: string }>(
    `select indexrelid::regclass::text as name from pg_index join pg_class on pg_class.oid = indexrelid
     join pg_am on pg_am.oid = relam where indrelid = 'notes'::regclass and amname = 'gin'`,
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  const without = await timeWord(client, owner, word);
  await client.query('rollback');
  return { withIndex, without };
}

async function timeWord(client: pg.Client, owner: string, word: string): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < 21; round++) {
    const { rows } = await client.query<Record<string, [{ 'Execution Time': number }]>>(
      `explain (analyze, format json) select id from notes where user_id = '${owner}' and tsv @@ '${word}'::tsquery
       order by updated_at desc, id desc limit 21`,
    );
    const [plan] = Object.values(rows[0] ?? {}) as [[{ 'Execution Time': number }]];
    took.push(plan[0]['Execution Time']);
  }
  return took.toSorted((a, b) => a - b)[10]!;
}
