import { Prisma } from '../../generated/prisma/client.ts';
import type { Reader } from '../database.ts';
import { inOrder, withinBytes } from '../notes/note-page.sql.ts';
import type { ReadNote } from '../notes/to-note.ts';

export type TrashedRow = ReadNote & { deletedAt: string; found: number };

/** The position of a note in the trash. */
export type TrashPosition = readonly [deletedAt: number, id: string];

interface Window {
  after: TrashPosition | undefined;
  offset: number;
  limit: number;
}

const inTrash = (userId: string) => Prisma.sql`user_id = ${userId}::uuid and deleted_at is not null`;

export const createTrashRepository = (db: Reader) => ({
  /** Reads the trash of a user, the latest deletion first. */
  page(userId: string, { after, offset, limit }: Window): Promise<TrashedRow[]> {
    const order = inOrder(Prisma.sql`deleted_at`, true);
    const beyond = after
      ? Prisma.sql`and (deleted_at, id) < (${new Date(after[0])}, ${after[1]}::uuid)`
      : Prisma.empty;
    const page = Prisma.sql`
      select * from notes where ${inTrash(userId)} ${beyond} ${order} limit ${limit} offset ${offset}`;
    return db.readPrepared(withinBytes(page, order, undefined));
  },

  async count(userId: string): Promise<number> {
    const [row] = await db.readPrepared<{ total: number }>(
      Prisma.sql`select count(*)::int as total from notes where ${inTrash(userId)}`,
    );
    return row?.total ?? 0;
  },

  /** Reads owners with a trash in the order of their ids, from the one after `id`: whether a note is in it since a time. */
  ownersAfter: (id: string, since: Date, limit: number): Promise<{ id: string; isDue: boolean }[]> =>
    db.read(ownersSql(id, since, limit)),
});

export const ownersSql = (id: string, since: Date, limit: number) => Prisma.sql`
  select id, exists (select from notes where user_id = owners.id and deleted_at <= ${since}) as "isDue"
  from owners where trashed > 0 and id > ${id}::uuid order by id limit ${limit}`;
