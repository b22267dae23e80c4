import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { poolSize, type PoolNote } from './pool.ts';

const notesPerUser = 500;

export interface Owner {
  id: string;
  notes: number;
}

/** The measured owners, and others with 500 notes each until there are `total` notes. */
function ownersOf(measured: Owner[], total: number): Owner[] {
  const given = measured.reduce((sum, { notes }) => sum + notes, 0);
  const others = Array.from({ length: Math.floor((total - given) / notesPerUser) }, () => ({
    id: randomUUID(),
    notes: notesPerUser,
  }));
  return [...measured, ...others];
}

/** Makes `notes` one table without partitions, with the same columns, indexes and functions. It must be empty. */
export async function removePartitions(client: pg.Client): Promise<void> {
  await client.query('create table flat_notes (like notes including all)');
  await client.query('drop table notes');
  await client.query('alter table flat_notes rename to notes');
}

/**
 * Fills the table of notes in SQL. The search vectors are computed once for each note of the pool, and the indexes are
 * built at the end. The nth note of an owner is the nth of the pool, and the notes of all owners are mixed on the disk.
 */
export async function seedNotes(
  client: pg.Client,
  { pool, measured, total }: { pool: PoolNote[]; measured: Owner[]; total: number },
): Promise<void> {
  const owners = ownersOf(measured, total);
  await client.query(
    `create temp table pool as
     select (number - 1)::int as number, title, array(select jsonb_array_elements_text(tags)) as tags, content, pinned,
            archived, notes_vector(title, array(select jsonb_array_elements_text(tags)), content) as tsv
     from rows from (jsonb_to_recordset($1)
       as (title text, tags jsonb, content text, pinned bool, archived bool)) with ordinality
       as notes (title, tags, content, pinned, archived, number)`,
    [JSON.stringify(pool)],
  );
  await client.query(
    `create temp table seeded as select id, notes from unnest($1::uuid[], $2::int[]) as owners (id, notes)`,
    [owners.map(({ id }) => id), owners.map(({ notes }) => notes)],
  );
  await client.query('insert into owners (id, rev) select id, 0 from seeded');
  await client.query('analyze pool');
  const indexes = await dropIndexes(client);
  await client.query('alter table notes alter column tsv drop expression');
  await client.query(
    `insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at, tsv)
     select uuidv7(-age), owner, title, content, tags, pinned, archived, 1, now() - age, now() - age * random(), tsv
     from (select seeded.id as owner, number % ${poolSize} as number, random() * interval '700 days' as age
           from seeded, generate_series(0, notes - 1) as number order by random()) as mixed
     join pool using (number)`,
  );
  await client.query("set maintenance_work_mem = '512MB'");
  for (const index of indexes) await client.query(index);
  await client.query('vacuum analyze notes');
}

/** Drops all indexes but the primary key. Returns the statements that create them again. */
export async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid = 'notes'::regclass and not indisprimary`,
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition.replace(' ON ONLY ', ' ON '));
}
