import { readPage } from '@polyglot-notes/service-kit';
import type { Reader } from '../database.ts';
import { toNote } from '../notes/to-note.ts';
import type { Share } from '../shares.ts';
import { createListingRepository } from './listing.repository.ts';
import type { NoteQuery } from './listing.schemas.ts';
import { createSearchPages, type SearchLimits } from './search-pages.ts';
import { orders, type ListedRow } from './sorts.ts';

/** `listDb` is a pool of its own, so that searches cannot take the connections of other requests. */
export interface ListingDependencies {
  listDb: Reader;
  listShare: Share;
  /** A share of its own, so that a list never waits for the searches of the same user. */
  searchShare: Share;
  searchLimits: SearchLimits;
}

export function createListingService(dependencies: ListingDependencies) {
  const { listDb, listShare, searchShare, searchLimits } = dependencies;
  const notes = createListingRepository(listDb);
  const readSearchPage = createSearchPages(notes, searchLimits);

  async function readListPage(userId: string, query: NoteQuery) {
    const filter = { ...filterOf(query), search: undefined };
    const sort = query.sort === undefined || query.sort === 'relevance' ? '-updatedAt' : query.sort;
    const { position, valueOf } = orders[sort];
    const { rows, page } = await readPage(query, {
      filter: { ...filter, sort },
      position,
      positionOf: (row: ListedRow) => [valueOf(row), row.id] as const,
      read: (window) => notes.page(userId, filter, sort, window),
      foundOf: (row: ListedRow) => row.found,
      count: () => notes.count(userId, filter),
    });
    return { items: rows.map(toNote), page };
  }

  return {
    page(userId: string, query: NoteQuery) {
      const { search } = query;
      return search === undefined
        ? listShare(userId, () => readListPage(userId, query))
        : searchShare(userId, () =>
            readSearchPage({ userId, search, filters: filterOf(query), paging: query }),
          );
    },
  };
}

const filterOf = ({ tags = [], tag = [], tagMode, pinned, archived, from, to }: NoteQuery) => ({
  tags: [...new Set([...tags, ...tag])],
  tagMode,
  pinned,
  archived,
  from,
  to,
});
