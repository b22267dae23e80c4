import { Prisma } from '../../generated/prisma/client.ts';
import type { Reader } from '../database.ts';
import type { OwnerWrite } from '../owners/owner-writes.ts';
import { versionsBeside, type Usage } from '../owners/limits.ts';

export interface TagRow {
  tag: string;
  count: number;
}

interface Window {
  after: string | undefined;
  limit: number;
}

/** Selects the tags of the notes outside the trash, by code point. */
export const tagsSql = (userId: string, { after, limit }: Window) => Prisma.sql`
  select tag, count(*)::int as count
  from notes cross join lateral unnest(tags) as tag
  where user_id = ${userId}::uuid and deleted_at is null
    ${after === undefined ? Prisma.empty : Prisma.sql`and tag collate "C" > ${after}`}
  group by tag order by tag collate "C" limit ${limit}`;

export const createTagsRepository = (db: Reader) => ({
  page: (userId: string, window: Window): Promise<TagRow[]> => db.read(tagsSql(userId, window)),
});

/** Condition for the notes that a change of a tag concerns. */
const having = (userId: string, tag: string) =>
  Prisma.sql`user_id = ${userId}::uuid and deleted_at is null and tags @> ${[tag]}::text[]`;

/** The tags without one, or with another in its place, at the first of the two places that they have. */
const replaced = (tag: string, name: string | undefined) =>
  name === undefined
    ? Prisma.sql`array_remove(tags, ${tag})`
    : Prisma.sql`
        case when array_position(tags, ${name}) < array_position(tags, ${tag}) then array_remove(tags, ${tag})
          else array_replace(array_remove(tags, ${name}), ${tag}, ${name}) end`;

/**
 * Replaces a tag of all notes outside the trash, or removes it. Keeps the version before the change of each note. Returns
 * how many notes there were.
 */
export async function replaceTag(write: OwnerWrite, tag: string, name: string | undefined): Promise<number> {
  const { db, userId, rev, now, usage } = write;
  // Before the notes change, because the limits are checked with it and the change takes much longer.
  const { notes, ...change } = await keepVersions(write, tag, name);
  if (notes === 0) return 0;
  usage.add(change);
  await db.$executeRaw`
    update notes set tags = ${replaced(tag, name)}, version = version + 1, updated_at = ${now}, changed_at = ${now},
      rev = ${rev}
    where ${having(userId, tag)}`;
  return notes;
}

/** Keeps the present version of each note with the tag, and removes its oldest ones. Returns what that and the change add. */
async function keepVersions({ db, userId, limits }: OwnerWrite, tag: string, name: string | undefined) {
  const isKept = limits.versionsPerNote > 0;
  const [counted] = await db.$queryRaw<[Omit<Usage, 'trashed'>]>`
    with changed as materialized (
      select id, version, tags, pinned, archived, coalesce(changed_at, updated_at) as created_at,
        notes_bytes(null, null, tags) as bytes, notes_bytes(null, null, ${replaced(tag, name)}) as bytes_after
      from notes where ${having(userId, tag)}
    ), kept as (
      insert into note_versions (user_id, note_id, version, tags, pinned, archived, created_at, bytes)
      select ${userId}::uuid, id, version, tags, pinned, archived, created_at, bytes from changed where ${isKept}
      returning bytes
    ), oldest as materialized (
      select id, earlier.version from changed cross join lateral (
        select version from note_versions where user_id = ${userId}::uuid and note_id = changed.id
        order by version desc offset ${versionsBeside(limits)}
      ) as earlier
      where changed.version > ${limits.versionsPerNote}
    ), removed as (
      delete from note_versions using oldest
      where user_id = ${userId}::uuid and note_id = oldest.id and note_versions.version = oldest.version
      returning note_versions.bytes
    )
    select (select count(*)::int from changed) as notes,
      ((select count(*) from kept) - (select count(*) from removed))::int as versions,
      ((select coalesce(sum(bytes_after - bytes), 0) from changed) + (select coalesce(sum(bytes), 0) from kept)
        - (select coalesce(sum(bytes), 0) from removed))::float8 as bytes`;
  return counted;
}
