import { Problem, problems } from '@polyglot-notes/service-kit';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { WriteAsOwner } from '../owners/owner-writes.ts';
import { createNoteWrites } from './note-writes.ts';
import { findNote } from './notes.repository.ts';
import type { NewNote, NoteChanges } from './notes.schemas.ts';
import type { Preconditions } from './preconditions.ts';
import { toNote } from './to-note.ts';

export interface NotesDependencies {
  db: PrismaClient;
  writeAsOwner: WriteAsOwner;
  requireIfMatch: boolean;
}

export type NotesService = ReturnType<typeof createNotesService>;

export function createNotesService({ db, writeAsOwner }: Omit<NotesDependencies, 'requireIfMatch'>) {
  return {
    create: (userId: string, note: NewNote) =>
      writeAsOwner(userId, async (write) => toNote(await createNoteWrites(write).create(note))),

    async get(userId: string, id: string) {
      const row = await findNote(db, userId, id);
      if (row === null || row.deletedAt !== null) throw new Problem(problems.notFound);
      return toNote(row);
    },

    patch: (userId: string, id: string, changes: NoteChanges, preconditions: Preconditions) =>
      writeAsOwner(userId, async (write) =>
        toNote(await createNoteWrites(write).patch(id, changes, preconditions)),
      ),

    /** Moves a note to the trash, or destroys it. */
    remove: (userId: string, id: string, isPermanent: boolean, preconditions: Preconditions) =>
      writeAsOwner(userId, (write) => {
        const notes = createNoteWrites(write);
        return isPermanent ? notes.destroy(id, preconditions) : notes.trash(id, preconditions);
      }),
  };
}
