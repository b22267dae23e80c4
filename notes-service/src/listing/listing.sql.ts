import { Prisma } from '../../generated/prisma/client.ts';
import { inOrder, maxPageBytes, withinBytes } from '../notes/note-page.sql.ts';
import { orders, type ColumnSort, type Position } from './sorts.ts';

/** A search in PostgreSQL's notation of a tsquery: the matches, and the words that rank them. */
export interface TextQuery {
  matches: string;
  ranking: string;
  /** Whether all notes of the owner are read, without the search index. */
  readsAll: boolean;
}

// Reading so few notes costs less than the search index, which finds the words in the notes of all owners of a partition.
const [fewNotes, fewBytes] = [1_000, 4_000_000];

/** Selects whether an owner has so few notes that a search should read them all. */
export const hasFewNotesSql = (userId: string) => Prisma.sql`
  select count(*) <= ${fewNotes} and coalesce(sum(pg_column_size(tsv)), 0) <= ${fewBytes} as "hasFew"
  from (select tsv from notes where user_id = ${userId}::uuid and deleted_at is null limit ${fewNotes + 1}) as notes`;

/** The notes of an owner that a list contains. A field that is undefined filters nothing. */
export interface Filter {
  search: TextQuery | undefined;
  tags: string[];
  tagMode: 'all' | 'any';
  pinned: boolean | undefined;
  archived: boolean | undefined;
  from: Date | undefined;
  to: Date | undefined;
}

export interface Window<At = Position> {
  after: At | undefined;
  offset: number;
  limit: number;
  maxBytes?: number;
}

/**
 * Selects one page in the order of `sort`. A row comparison continues after the last note of the previous page. Ranking
 * is expensive, so only the notes of the page are ranked.
 */
export function pageSql(userId: string, filter: Filter, sort: ColumnSort, window: Window) {
  const { key, descending, bind } = orders[sort];
  const { after, offset, limit, maxBytes = maxPageBytes } = window;
  const order = inOrder(key, descending);
  const page = Prisma.sql`
    select * from notes
    where ${conditions(userId, filter)} ${after ? beyond(key, descending, bind(after[0]), after[1]) : Prisma.empty}
    ${order} limit ${limit} offset ${offset}`;
  return withinBytes(page, order, filter.search && Prisma.sql`${rank(filter.search)} as rank`, maxBytes);
}

// The ranked matches may become so many times as many while a client reads their pages.
const maxAdded = 10;

/** Some of the matches of a search in the order of their ranks. */
export interface RankedWindow extends Omit<Window, 'maxBytes'> {
  /** How many matches are ranked: the newest ones. */
  atMost: number;
  /** The oldest ranked match, by update and id, once it is known. */
  since: Position | undefined;
}

/**
 * Selects one page of the ranked matches. If there are older matches, each row has the position of the oldest ranked one:
 * the next pages rank the matches since then, so that new notes move no match out of the ranked ones.
 */
export function rankedPageSql(
  userId: string,
  filter: Filter & { search: TextQuery },
  { after, offset, limit, atMost, since }: RankedWindow,
) {
  const byUpdate = inOrder(Prisma.sql`updated_at`, true);
  const byRank = inOrder(Prisma.sql`rank`, true);
  const found = Prisma.sql`select id, updated_at, tsv from notes where ${conditions(userId, filter)}`;
  const newest = since
    ? Prisma.sql`${found} and (updated_at, id) >= (${new Date(since[0])}, ${since[1]}::uuid)
        ${byUpdate} limit ${maxAdded * atMost}`
    : Prisma.sql`${found} ${byUpdate} limit ${atMost + 1}`;
  const isRanked = since ? Prisma.sql`true` : Prisma.sql`place <= ${atMost}`;
  const page = Prisma.sql`
    with newest as materialized (
      select *, row_number() over (${byUpdate}) as place from (${newest}) as matches
    ), oldest as materialized (
      select id, updated_at from newest where place = ${atMost} and exists (select from newest where place > ${atMost})
    ), ranked as (
      select id as ranked_id, ${rank(filter.search)} as rank from newest where ${isRanked}
    ), page as (
      select * from ranked
      ${after ? Prisma.sql`where (rank, ranked_id) < (${after[0]}::float8, ${after[1]}::uuid)` : Prisma.empty}
      order by rank desc, ranked_id desc limit ${limit} offset ${offset}
    )
    select notes.*, page.rank, oldest.updated_at as oldest_updated_at, oldest.id as oldest_id
    from page join notes on notes.user_id = ${userId}::uuid and notes.id = page.ranked_id left join oldest on true`;
  const extra = Prisma.sql`rank, oldest_updated_at as "oldestUpdatedAt", oldest_id as "oldestId"`;
  return withinBytes(page, byRank, extra);
}

/** Counts the notes of a list, and stops at `atMost`. */
export const countSql = (userId: string, filter: Filter, atMost?: number) =>
  atMost === undefined
    ? Prisma.sql`select count(*)::int as total from notes where ${conditions(userId, filter)}`
    : Prisma.sql`
        select count(*)::int as total
        from (select from notes where ${conditions(userId, filter)} limit ${atMost}) as matches`;

const beyond = (key: Prisma.Sql, descending: boolean, value: Prisma.Sql, id: string) =>
  Prisma.sql`and (${key}, id) ${descending ? Prisma.sql`<` : Prisma.sql`>`} (${value}, ${id}::uuid)`;

// Normalization 1 divides by the length, so that a long note does not win by its length alone. A search of nothing but
// negated words has no words to rank by.
const rank = ({ ranking }: TextQuery) =>
  ranking === '' ? Prisma.sql`0::float8` : Prisma.sql`ts_rank(tsv, ${ranking}::tsquery, 1)::float8`;

// The function behind the operator, which no index serves.
const matches = ({ matches: query, readsAll }: TextQuery) =>
  readsAll ? Prisma.sql`ts_match_vq(tsv, ${query}::tsquery)` : Prisma.sql`tsv @@ ${query}::tsquery`;

/** The condition that holds for the notes of a list. */
export function conditions(userId: string, { search, tags, tagMode, pinned, archived, from, to }: Filter) {
  const all = [
    Prisma.sql`user_id = ${userId}::uuid and deleted_at is null`,
    search && matches(search),
    tags.length > 0 && (tagMode === 'all' ? Prisma.sql`tags @> ${tags}` : Prisma.sql`tags && ${tags}`),
    pinned !== undefined && Prisma.sql`pinned = ${pinned}`,
    archived !== undefined && Prisma.sql`archived = ${archived}`,
    from && Prisma.sql`updated_at >= ${from}`,
    to && Prisma.sql`updated_at < ${to}`,
  ];
  return Prisma.join(
    all.filter((condition) => condition instanceof Prisma.Sql),
    ' and ',
  );
}
