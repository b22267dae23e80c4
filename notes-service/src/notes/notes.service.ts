import { isDeepStrictEqual } from 'node:util';
import { Problem, problems, problemType } from '@polyglot-notes/service-kit';
import type { Note as NoteRow, PrismaClient } from '../../generated/prisma/client.ts';
import { createOwnersRepository } from '../owners/owners.repository.ts';
import type { Share } from '../shares.ts';
import { createNotesRepository, type NoteColumns, type NotesRepository } from './notes.repository.ts';
import { Note, type NewNote, type NoteChanges } from './notes.schemas.ts';
import { allowChange, type Preconditions } from './preconditions.ts';
import { toNote } from './to-note.ts';

export const preconditionFailed = problemType(
  412,
  'precondition_failed',
  'The note has changed since it was read',
  { current: Note },
);

async function getRow(notes: NotesRepository, userId: string, id: string): Promise<NoteRow> {
  const row = await notes.find(userId, id);
  if (row === null) throw new Problem(problems.notFound);
  return row;
}

async function getMatchingRow(
  notes: NotesRepository,
  userId: string,
  id: string,
  preconditions: Preconditions,
) {
  const row = await getRow(notes, userId, id);
  if (allowChange(preconditions, row.version)) return row;
  throw new Problem(preconditionFailed, { extensions: { current: toNote(row) } });
}

export interface NotesDependencies {
  db: PrismaClient;
  /** Writes of an owner wait here rather than for their lock, where each would hold a connection. */
  writeShare: Share;
  clock: () => Date;
}

export type NotesService = ReturnType<typeof createNotesService>;

export function createNotesService({ db, writeShare, clock }: NotesDependencies) {
  const owners = createOwnersRepository(db);
  const write = <Result>(userId: string, work: (notes: NotesRepository) => Promise<Result>) =>
    writeShare(userId, () => owners.write(userId, (transaction) => work(createNotesRepository(transaction))));

  return {
    create: (userId: string, note: NewNote) =>
      write(userId, async (notes) => toNote(await notes.insert(userId, { ...note, updatedAt: clock() }))),

    get: async (userId: string, id: string) => toNote(await getRow(createNotesRepository(db), userId, id)),

    patch: (userId: string, id: string, changes: NoteChanges, preconditions: Preconditions) =>
      write(userId, async (notes) => {
        const row = await getMatchingRow(notes, userId, id, preconditions);
        const columns = changedColumns(row, changes, clock());
        return toNote(columns === undefined ? row : await notes.update(userId, id, columns));
      }),

    remove: (userId: string, id: string, preconditions: Preconditions) =>
      write(userId, async (notes) => {
        await getMatchingRow(notes, userId, id, preconditions);
        await notes.remove(userId, id);
      }),
  };
}

const textFields = new Set(['title', 'content', 'tags']);

/** The columns that differ, or undefined if none does. Only a change of the text sets `updatedAt`. */
function changedColumns(row: NoteRow, changes: NoteChanges, now: Date): Partial<NoteColumns> | undefined {
  const current: Record<string, unknown> = row;
  const changed = Object.entries(changes).filter(([name, value]) => !isDeepStrictEqual(value, current[name]));
  if (changed.length === 0) return undefined;
  const columns: Partial<NoteColumns> = Object.fromEntries(changed);
  return changed.some(([name]) => textFields.has(name)) ? { ...columns, updatedAt: now } : columns;
}
