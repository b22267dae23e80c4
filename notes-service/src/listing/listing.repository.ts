import { Prisma } from '../../generated/prisma/client.ts';
import { isStatementTimeout, type Reader } from '../database.ts';
import { headlinesSql, type Texts } from './highlight.ts';
import { countSql, pageSql, type Filter, type Window } from './listing.sql.ts';
import type { Search } from './search.ts';
import type { ListedRow, Sort } from './sorts.ts';

// A statement of a search is planned for its words. Statements with tags or times have too many forms to stay prepared.
const isPrepared = ({ search, tags, from, to }: Filter) =>
  search === undefined && tags.length === 0 && from === undefined && to === undefined;

export const createListingRepository = (db: Reader) => ({
  page(userId: string, filter: Filter, sort: Sort, window: Window): Promise<ListedRow[]> {
    const sql = pageSql(userId, filter, sort, window);
    return isPrepared(filter) ? db.readPrepared(sql) : db.read(sql);
  },

  async count(userId: string, filter: Filter): Promise<number> {
    const [row] = await db.read<{ total: number }>(countSql(userId, filter));
    return row?.total ?? 0;
  },

  async fold(text: string): Promise<string> {
    const [row] = await db.read<{ folded: string }>(Prisma.sql`select notes_fold(${text}) as folded`);
    return row?.folded ?? '';
  },

  /** None when they take longer than a statement may, as for long texts of nothing but matches. */
  async headlines(search: Search, texts: Texts[]): Promise<Texts[]> {
    try {
      return await db.read<Texts>(headlinesSql(search, texts));
    } catch (error) {
      if (isStatementTimeout(error)) return [];
      throw error;
    }
  },
});
