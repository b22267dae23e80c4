import { isDeepStrictEqual } from 'node:util';
import { Problem, problems, problemType, readPage } from '@polyglot-notes/service-kit';
import type { Note as NoteRow } from '../generated/prisma/client.ts';
import { isMet } from './if-match.ts';
import type { NoteColumns, NotesRepository } from './notes.repository.ts';
import { Position, type NewNote, type NoteChanges, type NoteFilter } from './notes.schemas.ts';

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

    async list(userId: string, { limit, cursor, page, total, ...filter }: NoteFilter) {
      const where = {
        pinned: filter.pinned && filter.pinned === 'true',
        archived: filter.archived === 'any' ? undefined : filter.archived === 'true',
      };
      const result = await readPage(
        { limit, cursor, page, total },
        {
          filter,
          position: Position,
          positionOf: ({ updatedAt, id }: NoteRow) => [updatedAt.getTime(), id] as const,
          read: (window) => notes.page(userId, where, window),
          count: () => notes.count(userId, where),
        },
      );
      return { items: result.rows.map(asNote), page: result.page };
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
