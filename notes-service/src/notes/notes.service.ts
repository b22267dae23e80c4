import { Problem, problems } from '@polyglot-notes/service-kit';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { answerOnce, type KeyedRequest } from '../idempotency/idempotency.ts';
import type { WriteAsOwner } from '../owners/owner-writes.ts';
import { createNoteWrites } from './note-writes.ts';
import { findNote } from './notes.repository.ts';
import type { NewNote, NoteChanges } from './notes.schemas.ts';
import { entityTag, type Preconditions } from './preconditions.ts';
import { toNote } from './to-note.ts';

export interface NotesDependencies {
  db: PrismaClient;
  writeAsOwner: WriteAsOwner;
  requireIfMatch: boolean;
}

export type NotesService = ReturnType<typeof createNotesService>;

export function createNotesService({ db, writeAsOwner }: Omit<NotesDependencies, 'requireIfMatch'>) {
  return {
    /** Creates a note, once per idempotency key. */
    create: (userId: string, note: NewNote, request: KeyedRequest | undefined) =>
      writeAsOwner(userId, (write) =>
        answerOnce(write, request, async () => created(toNote(await createNoteWrites(write).create(note)))),
      ),

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

const created = (note: ReturnType<typeof toNote>) => ({
  status: 201 as const,
  headers: { Location: `/api/notes/${note.id}`, ETag: entityTag(note.version) },
  body: note,
});
