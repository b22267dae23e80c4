import { isDeepStrictEqual } from 'node:util';
import { Problem, problems, problemType } from '@polyglot-notes/service-kit';
import type { Note as NoteRow } from '../generated/prisma/client.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { isMet } from './if-match.ts';
import type { NoteColumns, NotesRepository } from './notes.repository.ts';
import type { NewNote, NoteChanges, NoteFilter } from './notes.schemas.ts';

export const preconditionFailed = problemType(
  412,
  'precondition_failed',
  'The note has changed since it was read',
);

const asNote = (note: NoteRow) => ({
  ...note,
  createdAt: note.createdAt.toISOString(),
  updatedAt: note.updatedAt.toISOString(),
  deletedAt: null,
});

export const notesService = (notes: NotesRepository, clock: () => Date) => {
  async function existing(userId: string, id: string): Promise<NoteRow> {
    const note = await notes.find(userId, id);
    if (note === null) throw new Problem(problems.notFound);
    return note;
  }

  /** The note as it is, if that is what the caller last saw. */
  async function matching(userId: string, id: string, ifMatch: string | undefined): Promise<NoteRow> {
    const note = await existing(userId, id);
    if (isMet(ifMatch, note.version)) return note;
    throw new Problem(preconditionFailed, { extensions: { current: asNote(note) } });
  }

  return {
    create: async (userId: string, note: NewNote) =>
      asNote(await notes.insert(userId, { ...note, updatedAt: clock() })),

    get: async (userId: string, id: string) => asNote(await existing(userId, id)),

    async list(userId: string, { limit, cursor, ...filter }: NoteFilter) {
      const rows = await notes.page(userId, {
        pinned: filter.pinned && filter.pinned === 'true',
        archived: filter.archived === 'any' ? undefined : filter.archived === 'true',
        after: cursor === undefined ? undefined : decodeCursor(filter, cursor),
        limit: limit + 1,
      });
      const items = rows.slice(0, limit).map(asNote);
      const last = items.at(-1);
      const nextCursor = rows.length > limit && last ? encodeCursor(filter, last) : null;
      return { items, page: { limit, nextCursor } };
    },

    async patch(userId: string, id: string, changes: NoteChanges, ifMatch: string | undefined) {
      // Each round starts from what is there now; it is lost only to another change of the same note.
      for (;;) {
        const note = await matching(userId, id, ifMatch);
        const columns = changedColumns(note, changes, clock());
        if (columns === undefined) return asNote(note);
        if (await notes.update(userId, id, note.version, columns)) {
          return asNote({ ...note, ...columns, version: note.version + 1 });
        }
      }
    },

    async remove(userId: string, id: string, ifMatch: string | undefined) {
      for (;;) {
        const { version } = await matching(userId, id, ifMatch);
        if (await notes.remove(userId, id, version)) return;
      }
    },
  };
};

const ofTheText = new Set(['title', 'content', 'tags']);

/** Only what differs; `updatedAt` moves with the text, not with a pin. Undefined when nothing changes. */
function changedColumns(note: NoteRow, changes: NoteChanges, now: Date): Partial<NoteColumns> | undefined {
  const current: Record<string, unknown> = note;
  const changed = Object.entries(changes).filter(([name, value]) => !isDeepStrictEqual(value, current[name]));
  if (changed.length === 0) return undefined;
  const columns: Partial<NoteColumns> = Object.fromEntries(changed);
  return changed.some(([name]) => ofTheText.has(name)) ? { ...columns, updatedAt: now } : columns;
}
