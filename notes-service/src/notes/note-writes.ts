import { isDeepStrictEqual } from 'node:util';
import { Problem, problems } from '@polyglot-notes/service-kit';
import { Prisma, type Note } from '../../generated/prisma/client.ts';
import type { OwnerWrite } from '../owners/owner-writes.ts';
import { createNotesRepository, type NoteColumns } from './notes.repository.ts';
import type { NewNote, NoteChanges } from './notes.schemas.ts';
import { checkPreconditions, type Preconditions } from './preconditions.ts';

export type NoteWrites = ReturnType<typeof createNoteWrites>;

/** The changes of single notes, in the transaction of their owner. */
export function createNoteWrites(write: OwnerWrite) {
  const notes = createNotesRepository(write);

  async function findNote(id: string): Promise<Note> {
    const row = await notes.find(id);
    if (row === null) throw new Problem(problems.notFound);
    return row;
  }

  /** A note outside the trash that may be changed. */
  async function findChangeable(id: string, preconditions: Preconditions): Promise<Note> {
    const row = await findNote(id);
    if (row.deletedAt !== null) throw new Problem(problems.notFound);
    checkPreconditions(preconditions, row);
    return row;
  }

  return {
    create: (note: NewNote) => notes.insert({ ...note, updatedAt: write.now }),

    /** Changes the fields that differ. Without a difference the note keeps its version. */
    async patch(id: string, changes: NoteChanges, preconditions: Preconditions): Promise<Note> {
      const row = await findChangeable(id, preconditions);
      const columns = changedColumns(row, changes, write.now);
      return columns === undefined ? row : notes.change(row, columns);
    },

    /** Moves a note to the trash. A note that is there already stays as it is. */
    async trash(id: string, preconditions: Preconditions): Promise<void> {
      const row = await findNote(id);
      if (row.deletedAt !== null) return;
      checkPreconditions(preconditions, row);
      await notes.change(row, { deletedAt: write.now });
    },

    /** Moves a note out of the trash. A note outside the trash stays as it is. */
    async restore(id: string, preconditions: Preconditions): Promise<Note> {
      const row = await findNote(id);
      checkPreconditions(preconditions, row);
      return row.deletedAt === null ? row : notes.change(row, { deletedAt: null });
    },

    /** Destroys a note, in the trash or not, with its versions. */
    async destroy(id: string, preconditions: Preconditions): Promise<void> {
      checkPreconditions(preconditions, await findNote(id));
      await notes.destroy(Prisma.sql`id = ${id}::uuid`);
    },
  };
}

const textFields = new Set(['title', 'content', 'tags']);

/** The columns that differ, or undefined if none does. Only a change of the text sets `updatedAt`. */
function changedColumns(row: Note, changes: NoteChanges, now: Date): Partial<NoteColumns> | undefined {
  const current: Record<string, unknown> = { ...row };
  const changed = Object.entries(changes).filter(([name, value]) => !isDeepStrictEqual(value, current[name]));
  if (changed.length === 0) return undefined;
  const columns: Partial<NoteColumns> = Object.fromEntries(changed);
  return changed.some(([name]) => textFields.has(name)) ? { ...columns, updatedAt: now } : columns;
}
