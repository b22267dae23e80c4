import { isDeepStrictEqual } from 'node:util';
import { Problem, problems, problemType, readPage } from '@polyglot-notes/service-kit';
import type { Note as NoteRow, PrismaClient } from '../../generated/prisma/client.ts';
import { ownersRepository } from '../owners/owners.repository.ts';
import { isMet } from './preconditions.ts';
import { highlight } from './highlight.ts';
import type { NoteQuery } from './list.schemas.ts';
import { notesRepository, type NoteColumns, type NotesRepository } from './notes.repository.ts';
import { Note, type NewNote, type NoteChanges } from './notes.schemas.ts';
import type { Search } from './search.ts';
import { orders, type ListedRow } from './sorts.ts';

export const preconditionFailed = problemType(
  412,
  'precondition_failed',
  'The note has changed since it was read',
  { current: Note },
);

const asNote = <Row extends NoteRow>(note: Row) => ({
  ...note,
  createdAt: note.createdAt.toISOString(),
  updatedAt: note.updatedAt.toISOString(),
  deletedAt: null,
});

async function existing(notes: NotesRepository, userId: string, id: string): Promise<NoteRow> {
  const note = await notes.find(userId, id);
  if (note === null) throw new Problem(problems.notFound);
  return note;
}

/** The note as it is, if that is what the caller last saw. */
async function matching(notes: NotesRepository, userId: string, id: string, ifMatch: string | undefined) {
  const note = await existing(notes, userId, id);
  if (isMet(ifMatch, note.version)) return note;
  throw new Problem(preconditionFailed, { extensions: { current: asNote(note) } });
}

export const notesService = (db: PrismaClient, clock: () => Date) => {
  const notes = notesRepository(db);
  const owners = ownersRepository(db);
  /** Runs `work` in the one write of this owner at a time: what it reads stays so until it is done. */
  const write = <Result>(userId: string, work: (notes: NotesRepository) => Promise<Result>) =>
    owners.write(userId, (transaction) => work(notesRepository(transaction)));

  async function asListed(rows: ListedRow[], search: Search | undefined) {
    if (search === undefined) return rows.map(asNote);
    const highlights = await highlight(search, rows, notes.headlines);
    return rows.map((row, place) => ({ ...asNote(row), highlight: highlights[place] }));
  }

  return {
    create: (userId: string, note: NewNote) =>
      write(userId, async (mine) => asNote(await mine.insert(userId, { ...note, updatedAt: clock() }))),

    get: async (userId: string, id: string) => asNote(await existing(notes, userId, id)),

    async list(userId: string, { limit, cursor, page, total, sort: wanted, ...query }: NoteQuery) {
      const { search, tags = [], tag = [], tagMode, pinned, archived, from, to } = query;
      const everyTag = [...new Set([...tags, ...tag])];
      const filter = { search, tags: everyTag, tagMode, pinned, archived, from, to };
      const sort = wanted ?? (search ? 'relevance' : '-updatedAt');
      const { position, valueOf } = orders[sort];
      const result = await readPage(
        { limit, cursor, page, total },
        {
          filter: { ...filter, sort },
          position,
          positionOf: (row: ListedRow) => [valueOf(row), row.id] as const,
          read: (window) => notes.page(userId, filter, sort, window),
          count: () => notes.count(userId, filter),
        },
      );
      return { items: await asListed(result.rows, search), page: result.page };
    },

    patch: (userId: string, id: string, changes: NoteChanges, ifMatch: string | undefined) =>
      write(userId, async (mine) => {
        const note = await matching(mine, userId, id, ifMatch);
        const columns = changedColumns(note, changes, clock());
        return asNote(columns === undefined ? note : await mine.update(userId, id, columns));
      }),

    remove: (userId: string, id: string, ifMatch: string | undefined) =>
      write(userId, async (mine) => {
        await matching(mine, userId, id, ifMatch);
        await mine.remove(userId, id);
      }),
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
