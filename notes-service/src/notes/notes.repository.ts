import type { Note, Prisma } from '../../generated/prisma/client.ts';

/** The columns that a change may set. */
export type NoteColumns = Pick<Note, 'title' | 'content' | 'tags' | 'pinned' | 'archived' | 'updatedAt'>;

export type NotesRepository = ReturnType<typeof createNotesRepository>;

/** The notes by owner and id, the key of the table. */
export const createNotesRepository = (db: Prisma.TransactionClient) => ({
  insert: (userId: string, columns: NoteColumns): Promise<Note> =>
    db.note.create({ data: { ...columns, userId, version: 1, createdAt: columns.updatedAt } }),

  find: (userId: string, id: string): Promise<Note | null> => db.note.findUnique({ where: key(userId, id) }),

  update: (userId: string, id: string, columns: Partial<NoteColumns>): Promise<Note> =>
    db.note.update({ where: key(userId, id), data: { ...columns, version: { increment: 1 } } }),

  async remove(userId: string, id: string): Promise<void> {
    await db.note.delete({ where: key(userId, id) });
  },
});

const key = (userId: string, id: string) => ({ userId_id: { userId, id } });
