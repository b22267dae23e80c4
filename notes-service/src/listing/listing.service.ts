import { readPage } from '@polyglot-notes/service-kit';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { toNote } from '../notes/to-note.ts';
import { highlight } from './highlight.ts';
import { createListingRepository } from './listing.repository.ts';
import type { NoteQuery } from './listing.schemas.ts';
import type { Search } from './search.ts';
import { orders, type ListedRow } from './sorts.ts';

export function createListingService({ db }: { db: PrismaClient }) {
  const notes = createListingRepository(db);

  async function toListedNotes(rows: ListedRow[], search: Search | undefined) {
    if (search === undefined) return rows.map(toNote);
    const highlights = await highlight(search, rows, notes);
    return rows.map((row, index) => ({ ...toNote(row), highlight: highlights[index] }));
  }

  return {
    async page(userId: string, { limit, cursor, page, total, sort: requestedSort, ...query }: NoteQuery) {
      const { search, tags = [], tag = [], tagMode, pinned, archived, from, to } = query;
      const uniqueTags = [...new Set([...tags, ...tag])];
      const filter = { search, tags: uniqueTags, tagMode, pinned, archived, from, to };
      const sort = requestedSort ?? (search ? 'relevance' : '-updatedAt');
      const { position, valueOf } = orders[sort];
      const result = await readPage(
        { limit, cursor, page, total },
        {
          filter: { ...filter, sort },
          position,
          positionOf: (row: ListedRow) => [valueOf(row), row.id] as const,
          read: (window) => notes.page(userId, filter, sort, window),
          foundOf: (row: ListedRow) => row.found,
          count: () => notes.count(userId, filter),
        },
      );
      return { items: await toListedNotes(result.rows, search), page: result.page };
    },
  };
}
