import { z } from 'zod';
import { maxPageBytes } from '../notes/note-page.sql.ts';
import { beginOfYear1 } from '../notes/times.ts';
import type { ListingRepository, RankedRow } from './listing.repository.ts';
import type { Filter, TextQuery, Window } from './listing.sql.ts';
import {
  orders,
  rankPosition,
  timePosition,
  type ColumnSort,
  type ListedRow,
  type Position,
} from './sorts.ts';

/** An order in which the matches of a search are read. Each row has its position. */
export interface SearchOrder<At> {
  position: z.ZodType<At>;
  read(
    userId: string,
    filter: Filter & { search: TextQuery },
    window: Window<At>,
  ): Promise<{ rows: (ListedRow & { position: At })[]; isTruncated: boolean }>;
}

export const orderByColumn = (notes: ListingRepository, sort: ColumnSort): SearchOrder<Position> => ({
  position: orders[sort].position,
  async read(userId, filter, window) {
    const rows = await notes.page(userId, filter, sort, window);
    return {
      rows: rows.map((row) => ({ ...row, position: [orders[sort].valueOf(row), row.id] as const })),
      isTruncated: false,
    };
  },
});

const RelevancePosition = z.union([
  /** After a ranked match. `since` is the oldest ranked match, or the beginning of time if there are no older matches. */
  z.strictObject({ ranked: rankPosition, since: timePosition }),
  /** After a match that is older than the ranked ones. */
  z.strictObject({ older: timePosition }),
]);
type RelevancePosition = z.output<typeof RelevancePosition>;

const beginningOfTime: Position = [beginOfYear1, '00000000-0000-0000-0000-000000000000'];

/** By rank the newest matches, up to `rankedMatches`, then the older ones, the newest first. */
export function orderByRelevance(
  notes: ListingRepository,
  rankedMatches: number,
): SearchOrder<RelevancePosition> {
  async function readOlder(userId: string, filter: Filter & { search: TextQuery }, window: Window) {
    const rows = await notes.page(userId, filter, '-updatedAt', window);
    return rows.map((row) => ({ ...row, position: { older: [Date.parse(row.updatedAt), row.id] as const } }));
  }

  return {
    position: RelevancePosition,
    async read(userId, filter, { after, offset, limit }) {
      if (after && 'older' in after) {
        const rows = await readOlder(userId, filter, { after: after.older, offset, limit });
        return { rows, isTruncated: true };
      }
      if (offset >= rankedMatches) {
        // The ranked matches are the newest ones, so as many notes precede the older matches in the order of time.
        const rows = await readOlder(userId, filter, { after: undefined, offset, limit });
        return { rows, isTruncated: rows.length > 0 };
      }
      const window = { after: after?.ranked, since: after?.since, atMost: rankedMatches, offset, limit };
      const ranked = await notes.rankedPage(userId, filter, window);
      const since = after?.since ?? oldestOf(ranked[0]);
      const isTruncated = since[1] !== beginningOfTime[1];
      const rows = ranked.map((row) => ({
        ...row,
        position: { ranked: [row.rank ?? 0, row.id] as const, since },
      }));
      const found = ranked[0]?.found ?? 0;
      if (!isTruncated || found >= limit || rows.length < found) return { rows, isTruncated };
      const older = await readOlder(userId, filter, {
        after: since,
        offset: 0,
        limit: limit - found,
        maxBytes: maxPageBytes - bytesOf(rows),
      });
      const foundTogether = found + (older[0]?.found ?? 0);
      return {
        rows: [...rows, ...older].map((row) => ({ ...row, found: foundTogether })),
        isTruncated: true,
      };
    },
  };
}

const oldestOf = (row: RankedRow | undefined): Position =>
  row?.oldestUpdatedAt && row.oldestId ? [Date.parse(row.oldestUpdatedAt), row.oldestId] : beginningOfTime;

const bytesOf = (rows: ListedRow[]): number =>
  rows.reduce((sum, { title, content }) => sum + Buffer.byteLength(title) + Buffer.byteLength(content), 0);
