import { Problem, problems, readPage } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Reader } from '../database.ts';
import { createNoteWrites } from '../notes/note-writes.ts';
import type { Preconditions } from '../notes/preconditions.ts';
import { timeText, toNote } from '../notes/to-note.ts';
import type { Transaction, WriteAsOwner } from '../owners/owner-writes.ts';
import type { Share } from '../shares.ts';
import {
  createVersionsRepository,
  findVersion,
  type FullVersionRow,
  type VersionRow,
} from './versions.repository.ts';
import { maxVersion, type VersionQuery } from './versions.schemas.ts';

export interface VersionsDependencies {
  db: PrismaClient;
  listDb: Reader;
  listShare: Share;
  writeAsOwner: WriteAsOwner;
}

export type VersionsService = ReturnType<typeof createVersionsService>;

export function createVersionsService({ db, listDb, listShare, writeAsOwner }: VersionsDependencies) {
  const versions = createVersionsRepository(listDb);

  async function getVersion(from: Transaction, userId: string, id: string, version: number) {
    const row = await findVersion(from, userId, id, version);
    if (row === undefined) throw new Problem(problems.notFound);
    return row;
  }

  return {
    page: (userId: string, id: string, query: VersionQuery) =>
      listShare(userId, async () => {
        // A note outside the trash has a version at least.
        if ((await versions.count(userId, id)) === 0) throw new Problem(problems.notFound);
        const { rows, page } = await readPage(query, {
          filter: id,
          position: z.int().min(1).max(maxVersion),
          positionOf: ({ version }: VersionRow) => version,
          read: (window) => versions.page(userId, id, window),
          count: () => versions.count(userId, id),
        });
        return { items: rows.map(toVersion), page };
      }),

    get: async (userId: string, id: string, version: number) => ({
      ...toVersion(await getVersion(db, userId, id, version)),
      id,
    }),

    /** Makes the fields of a version the current ones, as a new version. */
    restore: (userId: string, id: string, version: number, preconditions: Preconditions) =>
      writeAsOwner(userId, async (write) => {
        const { title, content, tags, pinned, archived } = await getVersion(write.db, userId, id, version);
        const changes = { title, content, tags, pinned, archived };
        return toNote(await createNoteWrites(write).patch(id, changes, preconditions));
      }),
  };
}

const toVersion = <Row extends VersionRow | FullVersionRow>(row: Row) => ({
  ...row,
  createdAt: timeText(row.createdAt),
});
