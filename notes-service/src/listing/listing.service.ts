import { readPage } from '@polyglot-notes/service-kit';
import type { Reader } from '../database.ts';
import { toNote } from '../notes/to-note.ts';
import { highlight } from './highlight.ts';
import { createListingRepository } from './listing.repository.ts';
import type { NoteQuery } from './listing.schemas.ts';
import type { Search } from './search.ts';
import { orders, type ListedRow } from './sorts.ts';
import type { Share } from '../shares.ts';

/** `listDb` is a pool of its own, so that searches cannot take the connections of other requests. */
export interface ListingDependencies {
  listDb: Reader;
  listShare: Share;
  /** A share of its own, so that a list never waits for the searches of the same user. */
  searchShare: Share;
}

export function createListingService({ listDb, listShare, searchShare }: ListingDependencies) {
  const notes = createListingRepository(listDb);

  async function toListedNotes(rows: ListedRow[], search: Search | undefined) {
    if (search === undefined) return rows.map(toNote);
    const highlights = await highlight(search, rows, notes);
    return rows.map((row, index) => ({ ...toNote(row), highlight: highlights[index] }));
  }

  async function readListPage(
    userId: string,
    { limit, cursor, page, total, sort: requestedSort, ...query }: NoteQuery,
  ) {
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
  }

  return {
    page(userId: string, query: NoteQuery) {
      const share = query.search === undefined ? listShare : searchShare;
      return share(userId, () => readListPage(userId, query));
    },
  };
}
