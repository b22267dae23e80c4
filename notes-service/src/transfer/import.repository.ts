import { Prisma } from '../../generated/prisma/client.ts';
import type { OwnerWrite } from '../owners/owner-writes.ts';

/** A note to insert, with its earlier versions, the newest first. */
export interface NewRow {
  id: string;
  title: string;
  content: string;
  tags: string[];
  pinned: boolean;
  archived: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  versions: NewVersion[];
}

/** An earlier version. A text that the next version has too is null. */
export interface NewVersion {
  version: number;
  title: string | null;
  content: string | null;
  tags: string[] | null;
  pinned: boolean;
  archived: boolean;
  createdAt: Date;
  bytes: number;
}

/** A stored note, to compare with. */
export interface StoredNote {
  title: string;
  tags: string[];
  createdAt: Date;
  updatedAt: Date;
  /** SHA-256 of the content. */
  digest: string;
}

export const createImportRepository = ({ db, userId, rev }: OwnerWrite) => ({
  // A fence for each value: the statistics of a table that is being filled are old, and with them PostgreSQL would read
  // all notes of the user for each chunk.

  /** Those of the ids that notes of the user have, also in the trash, and those in the trash. */
  async takenIds(ids: string[]): Promise<{ ids: Set<string>; trashed: Set<string> }> {
    const rows = await db.$queryRaw<{ id: string; trashed: boolean }[]>`
      select note.id, deleted_at is not null as trashed
      from unnest(${ids}::uuid[]) as wanted(id) cross join lateral (
        select * from notes where user_id = ${userId}::uuid and notes.id = wanted.id offset 0
      ) as note`;
    return {
      ids: new Set(rows.map(({ id }) => id)),
      trashed: new Set(rows.filter(({ trashed }) => trashed).map(({ id }) => id)),
    };
  },

  /** The notes outside the trash with the title and the time of creation of one of the given notes. */
  alike(given: { title: string; createdAt: Date }[]): Promise<StoredNote[]> {
    const distinct = (values: unknown[]) => new Set(values).size;
    // Files of an archive may all have the same time, and notes the same title.
    const hasMoreTitles =
      distinct(given.map(({ title }) => title)) > distinct(given.map(({ createdAt }) => createdAt.getTime()));
    const [indexed, other] = hasMoreTitles
      ? [within(Prisma.sql`title`), Prisma.sql`note.created_at = wanted.created_at`]
      : [within(Prisma.sql`created_at`), Prisma.sql`note.title = wanted.title`];
    return db.$queryRaw<StoredNote[]>`
      select note.title, tags, note.created_at as "createdAt", updated_at as "updatedAt",
        encode(sha256(convert_to(content, 'UTF8')), 'hex') as digest
      from (
        select distinct * from unnest(${given.map(({ title }) => title)}::text[],
          ${given.map(({ createdAt }) => createdAt)}::timestamptz[]) as wanted(title, created_at)
      ) as wanted cross join lateral (
        select * from notes where user_id = ${userId}::uuid and deleted_at is null and ${indexed} offset 0
      ) as note
      where ${other}`;
  },

  /**
   * Inserts notes and their versions. A note that was destroyed is no longer reported as such, and gets a later version than
   * it had, so that an entity tag from before its destruction names no other text.
   */
  async insert(rows: NewRow[]): Promise<void> {
    const notes = JSON.stringify(rows.map(({ versions: _versions, ...row }) => row));
    await db.$executeRaw`
      with note as materialized (
        select * from json_to_recordset(${notes}::json) as note(id uuid, title text, content text, tags text[],
          pinned boolean, archived boolean, version int, "createdAt" timestamptz, "updatedAt" timestamptz)
      ), destroyed as (
        delete from destroyed_notes where user_id = ${userId}::uuid and id in (select id from note)
        returning id, version
      )
      insert into notes (user_id, id, title, content, tags, pinned, archived, version, created_at, updated_at,
        changed_at, rev)
      select ${userId}::uuid, note.id, title, content, tags, pinned, archived,
        greatest(note.version, destroyed.version + 1), "createdAt", "updatedAt", "updatedAt", ${rev}
      from note left join destroyed on destroyed.id = note.id`;
    const versions = rows.flatMap(({ id, versions: earlier }) =>
      earlier.map((version) => ({ id, ...version })),
    );
    if (versions.length > 0) await db.$executeRaw(insertVersions(userId, JSON.stringify(versions)));
  },
});

// With old statistics, all indexes seem to cost the same, and PostgreSQL takes any. Only the index of the column has its order.
const within = (column: Prisma.Sql) =>
  Prisma.sql`notes.${column} between wanted.${column} and wanted.${column} order by notes.${column}, notes.id`;

const insertVersions = (userId: string, versions: string) => Prisma.sql`
  insert into note_versions (user_id, note_id, version, title, content, tags, pinned, archived, created_at, bytes)
  select ${userId}::uuid, id, version, title, content, tags, pinned, archived, "createdAt", bytes
  from json_to_recordset(${versions}::json) as version(id uuid, version int, title text, content text, tags text[],
    pinned boolean, archived boolean, "createdAt" timestamptz, bytes int)`;
