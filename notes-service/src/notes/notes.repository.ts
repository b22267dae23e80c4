import type { Note, Prisma } from '../../generated/prisma/client.ts';
import type { Transaction } from '../owners/owners.repository.ts';
import type { Texts } from './highlight.ts';
import { countSql, pageSql, type Filter, type Window } from './list.sql.ts';
import type { ListedRow, Sort } from './sorts.ts';

/** The columns that a change may set. */
export type NoteColumns = Pick<Note, 'title' | 'content' | 'tags' | 'pinned' | 'archived' | 'updatedAt'>;

export type NotesRepository = ReturnType<typeof notesRepository>;

/** The way to the table. Every statement names the owner, so a note of another user is no note at all. */
export const notesRepository = (db: Transaction) => ({
  insert: (userId: string, columns: NoteColumns): Promise<Note> =>
    db.note.create({ data: { ...columns, userId, version: 1, createdAt: columns.updatedAt } }),

  find: (userId: string, id: string): Promise<Note | null> => db.note.findFirst({ where: { id, userId } }),

  page: (userId: string, filter: Filter, sort: Sort, window: Window): Promise<ListedRow[]> =>
    db.$queryRaw<ListedRow[]>(pageSql(userId, filter, sort, window)),

  async count(userId: string, filter: Filter): Promise<number> {
    const [row] = await db.$queryRaw<{ total: number }[]>(countSql(userId, filter));
    return row?.total ?? 0;
  },

  headlines: (sql: Prisma.Sql): Promise<Texts[]> => db.$queryRaw<Texts[]>(sql),

  update: (userId: string, id: string, columns: Partial<NoteColumns>): Promise<Note> =>
    db.note.update({ where: { id, userId }, data: { ...columns, version: { increment: 1 } } }),

  async remove(userId: string, id: string): Promise<void> {
    await db.note.delete({ where: { id, userId } });
  },
});
