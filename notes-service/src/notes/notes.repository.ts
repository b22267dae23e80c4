import type { Note, Prisma } from '../../generated/prisma/client.ts';

/** The columns that a change may set. */
export type NoteColumns = Pick<Note, 'title' | 'content' | 'tags' | 'pinned' | 'archived' | 'updatedAt'>;

export type NotesRepository = ReturnType<typeof createNotesRepository>;

/** The notes by id. Every statement names the owner, so a note of another user is never found. */
export const createNotesRepository = (db: Prisma.TransactionClient) => ({
  insert: (userId: string, columns: NoteColumns): Promise<Note> =>
    db.note.create({ data: { ...columns, userId, version: 1, createdAt: columns.updatedAt } }),

  find: (userId: string, id: string): Promise<Note | null> => db.note.findFirst({ where: { id, userId } }),

  update: (userId: string, id: string, columns: Partial<NoteColumns>): Promise<Note> =>
    db.note.update({ where: { id, userId }, data: { ...columns, version: { increment: 1 } } }),

  async remove(userId: string, id: string): Promise<void> {
    await db.note.delete({ where: { id, userId } });
  },
});
