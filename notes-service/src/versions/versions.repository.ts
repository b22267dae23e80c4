import { Prisma } from '../../generated/prisma/client.ts';
import type { Reader } from '../database.ts';
import type { Transaction } from '../owners/owner-writes.ts';

export interface VersionRow {
  version: number;
  title: string;
  createdAt: string;
}

export interface FullVersionRow extends Omit<VersionRow, 'createdAt'> {
  createdAt: Date;
  content: string;
  tags: string[];
  pinned: boolean;
  archived: boolean;
}

const isNote = (userId: string, id: string) =>
  Prisma.sql`user_id = ${userId}::uuid and id = ${id}::uuid and deleted_at is null`;
const ofNote = (userId: string, id: string) =>
  Prisma.sql`user_id = ${userId}::uuid and note_id = ${id}::uuid`;

/** The text of a version: its own, or else that of the next version that has one, or else that of the note. */
const textOf = (name: 'title' | 'content' | 'tags', userId: string, id: string) => {
  const column = Prisma.raw(name);
  return Prisma.sql`coalesce(
    ${column},
    (select newer.${column} from note_versions as newer
      where ${ofNote(userId, id)} and newer.version > kept.version and newer.${column} is not null
      order by newer.version limit 1),
    (select ${column} from notes where ${isNote(userId, id)})) as ${column}`;
};

/** All versions of a note outside the trash, the current one included. */
export const createVersionsRepository = (db: Reader) => ({
  /** Reads versions before a version, the newest first. The texts are looked up for the versions of the page only. */
  page: (
    userId: string,
    id: string,
    { after, offset, limit }: { after: number | undefined; offset: number; limit: number },
  ): Promise<VersionRow[]> =>
    db.read<VersionRow>(Prisma.sql`
      select version, ${textOf('title', userId, id)}, "createdAt" from (
        select version, title, "createdAt" from (
          select version, title, coalesce(changed_at, updated_at) as "createdAt" from notes where ${isNote(userId, id)}
          union all
          select version, title, created_at from note_versions
          where ${ofNote(userId, id)} and exists (select from notes where ${isNote(userId, id)})
        ) as versions
        ${after === undefined ? Prisma.empty : Prisma.sql`where version < ${after}`}
        order by version desc limit ${limit} offset ${offset}
      ) as kept
      order by version desc`),

  async count(userId: string, id: string): Promise<number> {
    const [row] = await db.read<{ total: number }>(Prisma.sql`
      select 1 + (select count(*)::int from note_versions where ${ofNote(userId, id)}) as total
      from notes where ${isNote(userId, id)}`);
    return row?.total ?? 0;
  },
});

/** Reads one version of a note outside the trash, the current one included. */
export async function findVersion(
  db: Transaction,
  userId: string,
  id: string,
  version: number,
): Promise<FullVersionRow | undefined> {
  const [row] = await db.$queryRaw<FullVersionRow[]>`
    select version, title, content, tags, pinned, archived, coalesce(changed_at, updated_at) as "createdAt"
    from notes where ${isNote(userId, id)} and version = ${version}
    union all
    select version, ${textOf('title', userId, id)}, ${textOf('content', userId, id)}, ${textOf('tags', userId, id)},
      pinned, archived, created_at
    from note_versions as kept
    where ${ofNote(userId, id)} and version = ${version} and exists (select from notes where ${isNote(userId, id)})`;
  return row;
}
