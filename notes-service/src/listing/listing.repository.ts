import { Prisma } from '../../generated/prisma/client.ts';
import type { Reader } from '../database.ts';
import type { WordQueries } from '../search/closest-words.ts';
import { knownWordsSql, vocabularySql } from '../search/vocabulary.sql.ts';
import {
  conditions,
  countSql,
  hasFewNotesSql,
  pageSql,
  rankedPageSql,
  type Filter,
  type RankedWindow,
  type TextQuery,
  type Window,
} from './listing.sql.ts';
import type { ColumnSort, ListedRow } from './sorts.ts';

/** A ranked match, with the position of the oldest ranked one if there are older matches. */
export type RankedRow = ListedRow & { oldestUpdatedAt: string | null; oldestId: string | null };

export type ListingRepository = ReturnType<typeof createListingRepository>;

// A statement of a search is planned for its words. Statements with tags or times have too many forms to stay prepared.
const isPrepared = ({ search, tags, from, to }: Filter) =>
  search === undefined && tags.length === 0 && from === undefined && to === undefined;

export const createListingRepository = (db: Reader) => ({
  page(userId: string, filter: Filter, sort: ColumnSort, window: Window): Promise<ListedRow[]> {
    const sql = pageSql(userId, filter, sort, window);
    return isPrepared(filter) ? db.readPrepared(sql) : db.read(sql);
  },

  rankedPage: (
    userId: string,
    filter: Filter & { search: TextQuery },
    window: RankedWindow,
  ): Promise<RankedRow[]> => db.read(rankedPageSql(userId, filter, window)),

  /** The number of notes of a list, up to `atMost`. */
  async count(userId: string, filter: Filter, atMost?: number): Promise<number> {
    const [row] = await db.read<{ total: number }>(countSql(userId, filter, atMost));
    return row?.total ?? 0;
  },

  async hasFewNotes(userId: string): Promise<boolean> {
    const [row] = await db.readPrepared<{ hasFew: boolean }>(hasFewNotesSql(userId));
    return row?.hasFew ?? true;
  },

  /** The words of the notes of a list. */
  wordsOf: (userId: string, filters: Omit<Filter, 'search'>): WordQueries => ({
    async known(words) {
      const rows = await db.read<{ word: string }>(
        knownWordsSql(conditions(userId, { ...filters, search: undefined }), words),
      );
      return rows.map(({ word }) => word);
    },
    async vocabulary(words) {
      const rows = await db.read<{ word: string }>(
        vocabularySql(conditions(userId, { ...filters, search: undefined }), words),
      );
      return rows.map(({ word }) => word);
    },
  }),

  fold: async (text: string): Promise<string> => {
    const [row] = await db.read<{ folded: string }>(
      Prisma.sql`select notes_fold(notes_mark_optional(${text})) as folded`,
    );
    return row?.folded ?? '';
  },
});
