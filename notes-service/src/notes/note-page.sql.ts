import { Prisma } from '../../generated/prisma/client.ts';

const columns = Prisma.sql`
  id, title, content, tags, pinned, archived, version,
  created_at as "createdAt", updated_at as "updatedAt", deleted_at as "deletedAt"`;

/** A page ends with the note that reaches this size. Twenty of the longest notes in Latin or Cyrillic fit. */
export const maxPageBytes = 4 * 1024 * 1024;

/**
 * Selects the columns of notes as the API shows them, and ends the page with the note that reaches `maxBytes`. `page`
 * selects rows of `notes`. Each row has the number of notes of the page without that limit, as `found`.
 */
export const withinBytes = (
  page: Prisma.Sql,
  order: Prisma.Sql,
  extraColumns: Prisma.Sql | undefined,
  maxBytes = maxPageBytes,
) => Prisma.sql`
  select ${columns}, found ${extraColumns ? Prisma.sql`, ${extraColumns}` : Prisma.empty}
  from (
    select page.*, count(*) over ()::int as found,
      sum(notes_bytes(title, content, tags)) over (${order} rows between unbounded preceding and 1 preceding) as bytes_before
    from (${page}) as page
  ) as page
  where bytes_before is null or bytes_before < ${maxBytes}
  ${order}`;

/** The order by a column or expression, and by id where it is the same. */
export function inOrder(key: Prisma.Sql, descending: boolean) {
  const direction = descending ? Prisma.sql`desc` : Prisma.sql`asc`;
  return Prisma.sql`order by ${key} ${direction}, id ${direction}`;
}
