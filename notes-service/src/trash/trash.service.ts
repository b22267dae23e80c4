import { readPage } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Reader } from '../database.ts';
import { createNoteWrites } from '../notes/note-writes.ts';
import { createNotesRepository } from '../notes/notes.repository.ts';
import type { Preconditions } from '../notes/preconditions.ts';
import { endOfYear9999 } from '../notes/times.ts';
import { toNote } from '../notes/to-note.ts';
import type { WriteAsOwner } from '../owners/owner-writes.ts';
import type { Share } from '../shares.ts';
import { createTrashRepository, type TrashedRow, type TrashPosition } from './trash.repository.ts';
import type { TrashQuery } from './trash.schemas.ts';

export interface TrashDependencies {
  listDb: Reader;
  listShare: Share;
  writeAsOwner: WriteAsOwner;
  /** For changes of many notes. */
  writeLong: WriteAsOwner;
}

export type TrashService = ReturnType<typeof createTrashService>;

const Position: z.ZodType<TrashPosition> = z.tuple([z.int().min(0).max(endOfYear9999), z.uuid()]).readonly();

export function createTrashService({ listDb, listShare, writeAsOwner, writeLong }: TrashDependencies) {
  const trash = createTrashRepository(listDb);
  return {
    page: (userId: string, query: TrashQuery) =>
      listShare(userId, async () => {
        const { rows, page } = await readPage(query, {
          filter: 'trash',
          position: Position,
          positionOf: (row: TrashedRow): TrashPosition => [Date.parse(row.deletedAt), row.id],
          read: (window) => trash.page(userId, window),
          foundOf: (row: TrashedRow) => row.found,
          count: () => trash.count(userId),
        });
        return { items: rows.map(toNote), page };
      }),

    restore: (userId: string, id: string, preconditions: Preconditions) =>
      writeAsOwner(userId, async (write) => toNote(await createNoteWrites(write).restore(id, preconditions))),

    /** Destroys all notes in the trash. Returns how many there were. */
    empty: (userId: string): Promise<number> =>
      writeLong(userId, (write) => createNotesRepository(write).destroy(Prisma.sql`deleted_at is not null`)),
  };
}
