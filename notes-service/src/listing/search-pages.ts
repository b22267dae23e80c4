import { cursorMatches, readPage } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { toNote } from '../notes/to-note.ts';
import { CarriedReplacements, closeQuery } from '../search/close-query.ts';
import { findReplacements, type Replacements } from '../search/closest-words.ts';
import { createTextFolder } from '../search/folded-text.ts';
import { highlight } from '../search/highlight.ts';
import type { Search } from '../search/parse-search.ts';
import { rankingTsqueryOf, toQuery, tsqueryOf, type Query } from '../search/query.ts';
import type { ListingRepository } from './listing.repository.ts';
import type { NoteQuery } from './listing.schemas.ts';
import type { Filter } from './listing.sql.ts';
import { orderByColumn, orderByRelevance, type SearchOrder } from './search-order.ts';

export interface SearchLimits {
  /** How many matches are ranked: the newest ones. */
  rankedMatches: number;
  /** A total is exact up to this number. */
  countedMatches: number;
}

/** Whether a page has the matches of the words as they are, or of the closest words in the notes. */
type SearchMode = 'exact' | 'close';

// After a slow search there is no time for another one before the time-out of the gateway.
const slowMs = 3_000;

interface SearchRequest {
  userId: string;
  readsAll: boolean;
  search: Search;
  filters: Omit<Filter, 'search'>;
  paging: NoteQuery;
}

/** Creates a function that reads one page of a search, with highlights. */
export function createSearchPages(notes: ListingRepository, { rankedMatches, countedMatches }: SearchLimits) {
  const foldTexts = createTextFolder(notes.fold);

  return async (given: Omit<SearchRequest, 'readsAll'>) => {
    const request = { ...given, readsAll: await notes.hasFewNotes(given.userId) };
    const { sort = 'relevance' } = request.paging;
    const found = await (sort === 'relevance'
      ? readSearch(request, orderByRelevance(notes, rankedMatches))
      : readSearch(request, orderByColumn(notes, sort)));
    const highlights = await highlight(found.query, found.rows, foldTexts);
    return {
      items: found.rows.map((row, index) => ({
        ...toNote(row),
        rank: row.rank,
        highlight: highlights[index],
      })),
      page: found.page,
    };
  };

  /** Page 1 chooses the mode: close if nothing matches exactly. Its cursor keeps the mode. */
  async function readSearch<At>(request: SearchRequest, order: SearchOrder<At>) {
    const { userId, search, paging } = request;
    const startedAt = performance.now();
    const asked = await toQuery(search, foldTexts);
    const isCloseCursor =
      paging.cursor !== undefined && cursorMatches(identityOf(request, 'close'), paging.cursor);
    if (isCloseCursor) return readMode(request, order, 'close', (words) => closeQuery(asked, words));

    const exact = await readMode(request, order, 'exact', () => asked);
    const isFound = exact.rows.length > 0 || (exact.page.total ?? 0) > 0;
    const isSlow = performance.now() - startedAt > slowMs;
    if (isFound || isSlow || paging.cursor !== undefined) return exact;
    const words = await findReplacements(asked, notes.wordsOf(userId, request.filters));
    const isChanged = tsqueryOf(closeQuery(asked, words)) !== tsqueryOf(asked);
    if (!isChanged) return exact;
    const close = await readMode(request, order, 'close', (given) => closeQuery(asked, given), words);
    return close.rows.length > 0 || (close.page.total ?? 0) > 0 ? close : exact;
  }

  /** A position in close mode has the replacements of page 1, so that all pages search for the same words. */
  async function readMode<At>(
    request: SearchRequest,
    order: SearchOrder<At>,
    mode: SearchMode,
    queryWith: (replacements: Replacements) => Query,
    replacements: Replacements = [],
  ) {
    const { userId, readsAll, filters, paging } = request;
    let [words, query, isTruncated] = [replacements, queryWith(replacements), false];
    const filter = () => ({
      ...filters,
      search: { matches: tsqueryOf(query), ranking: rankingTsqueryOf(query), readsAll },
    });
    const { rows, page } = await readPage(paging, {
      filter: identityOf(request, mode),
      position: z.tuple([
        order.position,
        mode === 'close' ? CarriedReplacements : CarriedReplacements.max(0),
      ]),
      positionOf: (row: { position: At }): [At, Replacements] => [row.position, words],
      async read({ after, offset, limit }) {
        if (after) {
          words = after[1];
          query = queryWith(words);
        }
        const result = await order.read(userId, filter(), { after: after?.[0], offset, limit });
        isTruncated = result.isTruncated;
        return result.rows;
      },
      foundOf: ({ found }) => found,
      count: () => notes.count(userId, filter(), countedMatches + 1),
    });
    const isLowerBound = (page.total ?? 0) > countedMatches;
    return {
      rows,
      query,
      page: {
        ...page,
        mode,
        ...(isTruncated && { truncated: true }),
        ...(isLowerBound && { total: countedMatches, totalIsLowerBound: true }),
      },
    };
  }
}

const identityOf = (
  { search, filters, paging: { sort = 'relevance' } }: SearchRequest,
  mode: SearchMode,
) => ({
  ...filters,
  search,
  sort,
  mode,
});
