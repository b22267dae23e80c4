import type { Prisma } from '../../generated/prisma/client.ts';
import { isStatementTimeout } from '../database.ts';
import { headlinesSql, type Texts } from './highlight.ts';
import { countSql, pageSql, type Filter, type Window } from './listing.sql.ts';
import type { Search } from './search.ts';
import type { ListedRow, Sort } from './sorts.ts';

export const createListingRepository = (db: Pick<Prisma.TransactionClient, '$queryRaw'>) => ({
  page: (userId: string, filter: Filter, sort: Sort, window: Window): Promise<ListedRow[]> =>
    db.$queryRaw<ListedRow[]>(pageSql(userId, filter, sort, window)),

  async count(userId: string, filter: Filter): Promise<number> {
    const [row] = await db.$queryRaw<{ total: number }[]>(countSql(userId, filter));
    return row?.total ?? 0;
  },

  async fold(text: string): Promise<string> {
    const [row] = await db.$queryRaw<{ folded: string }[]>`select notes_fold(${text}) as folded`;
    return row?.folded ?? '';
  },

  /** None when they take longer than a statement may, as for long texts of nothing but matches. */
  async headlines(search: Search, texts: Texts[]): Promise<Texts[]> {
    try {
      return await db.$queryRaw<Texts[]>(headlinesSql(search, texts));
    } catch (error) {
      if (isStatementTimeout(error)) return [];
      throw error;
    }
  },
});
