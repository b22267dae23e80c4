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

/** Selects one page in the order of `sort`. A row comparison continues after the last note of the previous page. */
export function pageSql(userId: string, filter: Filter, sort: Sort, { after, offset, limit }: Window) {
  const { key, descending, bind } = orders[sort];
  const direction = descending ? Prisma.sql`desc` : Prisma.sql`asc`;
  const beyond = descending ? Prisma.sql`<` : Prisma.sql`>`;
  const inOrder = Prisma.sql`order by ${key} ${direction}, id ${direction}`;
  const page = Prisma.sql`
    from ${source(filter)}
    where ${conditions(userId, filter)}
    ${after ? Prisma.sql`and (${key}, id) ${beyond} (${bind(after[0])}, ${after[1]}::uuid)` : Prisma.empty}
    ${inOrder}
    limit ${limit} offset ${offset}`;
  // Ranking is expensive, so a page with another sort ranks only its own notes.
  return filter.search
    ? Prisma.sql`select ${columns}, ${rank} as rank from (select notes.*, words ${page}) as page ${inOrder}`
    : Prisma.sql`select ${columns} ${page}`;
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
