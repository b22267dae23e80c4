import { Prisma } from '../../generated/prisma/client.ts';
import { tsquery, type Search } from './search.ts';
import { orders, rank, type Position, type Sort } from './sorts.ts';

/** The notes of an owner that a list contains. A field that is undefined filters nothing. */
export interface Filter {
  search: Search | undefined;
  tags: string[];
  tagMode: 'all' | 'any';
  pinned: boolean | undefined;
  archived: boolean | undefined;
  from: Date | undefined;
  to: Date | undefined;
}

export interface Window {
  after: Position | undefined;
  offset: number;
  limit: number;
}

const columns = Prisma.sql`
  id, user_id as "userId", title, content, tags, pinned, archived, version,
  created_at as "createdAt", updated_at as "updatedAt"`;

/** A page ends with the note that reaches this size. Twenty of the longest notes in Latin or Cyrillic fit. */
export const maxPageBytes = 4 * 1024 * 1024;

const bytes = Prisma.sql`(octet_length(title) + octet_length(content) + octet_length(tags::text))`;

/**
 * Selects one page in the order of `sort`, which ends with the note that reaches `maxPageBytes`. Each row has the number
 * of notes that the page would have without that limit. A row comparison continues after the last note of the previous page.
 */
export function pageSql(userId: string, filter: Filter, sort: Sort, { after, offset, limit }: Window) {
  const { key, descending, bind } = orders[sort];
  const direction = descending ? Prisma.sql`desc` : Prisma.sql`asc`;
  const beyond = descending ? Prisma.sql`<` : Prisma.sql`>`;
  const inOrder = (by: Prisma.Sql) => Prisma.sql`order by ${by} ${direction}, id ${direction}`;
  // Ranking is expensive, so a page with another sort ranks only its own notes.
  const isRanked = sort === 'relevance';
  const page = Prisma.sql`
    select notes.* ${filter.search ? Prisma.sql`, words` : Prisma.empty}
      ${isRanked ? Prisma.sql`, ${rank} as rank` : Prisma.empty}
    from ${source(filter)}
    where ${conditions(userId, filter)}
    ${after ? Prisma.sql`and (${key}, id) ${beyond} (${bind(after[0])}, ${after[1]}::uuid)` : Prisma.empty}
    ${inOrder(key)}
    limit ${limit} offset ${offset}`;
  const place = inOrder(isRanked ? Prisma.sql`rank` : key);
  return Prisma.sql`
    select ${columns}, found
      ${filter.search ? Prisma.sql`, ${isRanked ? Prisma.sql`rank` : rank} as rank` : Prisma.empty}
    from (
      select page.*, count(*) over ()::int as found,
        sum(${bytes}) over (${place} rows between unbounded preceding and 1 preceding) as bytes_before
      from (${page}) as page
    ) as page
    where bytes_before is null or bytes_before < ${maxPageBytes}
    ${place}`;
}

export const countSql = (userId: string, filter: Filter) => Prisma.sql`
  select count(*)::int as total from ${source(filter)} where ${conditions(userId, filter)}`;

const source = ({ search }: Filter) =>
  search
    ? Prisma.sql`notes,
        (select query, notes_any(query) as words from (select ${tsquery(search)} as query) as parsed) as search`
    : Prisma.sql`notes`;

function conditions(userId: string, { search, tags, tagMode, pinned, archived, from, to }: Filter) {
  const all = [
    Prisma.sql`user_id = ${userId}::uuid`,
    search && Prisma.sql`tsv @@ query`,
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
