import { Prisma, type Note } from '../generated/prisma/client.ts';
import type { Transaction } from '../owners/owners.repository.ts';
import type { Position } from './notes.schemas.ts';

/** The columns that a change may set. */
export type NoteColumns = Pick<Note, 'title' | 'content' | 'tags' | 'pinned' | 'archived' | 'updatedAt'>;

interface Filter {
  pinned: boolean | undefined;
  archived: boolean | undefined;
}

interface Window {
  after: Position | undefined;
  offset: number;
  limit: number;
}

export type NotesRepository = ReturnType<typeof notesRepository>;

/** The one file that knows the table. Every statement names the owner, so a note of another user is no note at all. */
export const notesRepository = (db: Transaction) => ({
  insert: (userId: string, columns: NoteColumns): Promise<Note> =>
    db.note.create({ data: { ...columns, userId, version: 1, createdAt: columns.updatedAt } }),

  find: (userId: string, id: string): Promise<Note | null> => db.note.findFirst({ where: { id, userId } }),

  /** Newest first, in the order of the index; a row comparison continues after the last note of the page before. */
  page: (userId: string, filter: Filter, { after, offset, limit }: Window): Promise<Note[]> =>
    db.$queryRaw<Note[]>`
      select id, user_id as "userId", title, content, tags, pinned, archived, version,
             created_at as "createdAt", updated_at as "updatedAt"
      from notes
      where ${matching(userId, filter)}
      ${after ? Prisma.sql`and (updated_at, id) < (${new Date(after[0])}, ${after[1]}::uuid)` : Prisma.empty}
      order by updated_at desc, id desc
      limit ${limit} offset ${offset}`,

  async count(userId: string, filter: Filter): Promise<number> {
    const [row] = await db.$queryRaw<{ total: number }[]>`
      select count(*)::int as total from notes where ${matching(userId, filter)}`;
    return row?.total ?? 0;
  },

  update: (userId: string, id: string, columns: Partial<NoteColumns>): Promise<Note> =>
    db.note.update({ where: { id, userId }, data: { ...columns, version: { increment: 1 } } }),

  async remove(userId: string, id: string): Promise<void> {
    await db.note.delete({ where: { id, userId } });
  },
});

const matching = (userId: string, { pinned, archived }: Filter) => Prisma.sql`
  user_id = ${userId}::uuid
  ${pinned === undefined ? Prisma.empty : Prisma.sql`and pinned = ${pinned}`}
  ${archived === undefined ? Prisma.empty : Prisma.sql`and archived = ${archived}`}`;
