import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Problem, problemType } from '../problems/problem.ts';

export const invalidCursor = problemType(
  400,
  'invalid_cursor',
  'The cursor is not one of ours, or was made for other filters',
);

const maxDepth = 10_000;

// A query is text. The API reference names what the text stands for, and leaves out the rules of the text.
const wholeNumber = (minimum: number, maximum: number) => ({
  type: 'integer',
  minimum,
  maximum,
  pattern: undefined,
});

/** `true` or `false` in a query, as text. */
export const flag = z.enum(['true', 'false']).meta({ type: 'boolean', enum: undefined });

const Paging = {
  limit: z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/, { error: 'must be a whole number from 1 to 100', abort: true })
    .default('20')
    .meta({ ...wholeNumber(1, 100), default: 20, description: 'How many items, 1 to 100.' })
    .transform(Number),
  cursor: z
    .string()
    .max(4_000)
    .optional()
    .meta({ description: 'The `nextCursor` of the page before, with the same filters.' }),
  page: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, {
      error: `must be a whole number from 1, with page × limit ≤ ${maxDepth}`,
      abort: true,
    })
    .transform(Number)
    .optional()
    .meta({
      ...wholeNumber(1, maxDepth),
      description: 'For those who count pages, from 1; not together with `cursor`. Brings the total.',
    }),
  total: flag
    .default('false')
    .meta({ default: false, description: 'Whether to count everything that fits, too.' })
    .transform((value) => value === 'true'),
};

const asQuery = (parsed: unknown) => parsed as PageQuery;

/** The query of a list: the `filters` of its own, and `limit`, `cursor`, `page` and `total`. */
export const listQuery = <Filters extends z.ZodRawShape>(filters: Filters) =>
  z
    .object({ ...filters, ...Paging })
    .refine((parsed) => asQuery(parsed).page === undefined || asQuery(parsed).cursor === undefined, {
      error: 'cannot be combined with cursor',
      path: ['page'],
    })
    .refine((parsed) => (asQuery(parsed).page ?? 0) * asQuery(parsed).limit <= maxDepth, {
      error: `is too far: page × limit may be ${maxDepth} at most, cursors go further`,
      path: ['page'],
    });

/** The body of a list of `item`s, with its name in the API reference and example items for that. */
export const pageOf = <Item extends z.ZodType>(id: string, item: Item, exampleItems: z.output<Item>[]) =>
  z
    .object({
      items: z.array(item),
      page: z.object({
        limit: z.int(),
        nextCursor: z.string().nullable().meta({ description: 'Null on the last page, and with `page`.' }),
        total: z.int().optional().meta({ description: 'With `page` or `total=true`.' }),
      }),
    })
    .meta({ id, examples: [{ items: exampleItems, page: { limit: 20, nextCursor: null } }] });

interface PageQuery {
  limit: number;
  cursor?: string | undefined;
  page?: number | undefined;
  total: boolean;
}

interface List<Row, Position> {
  /** Filters and order, as JSON: a cursor is good for the same ones alone. */
  filter: unknown;
  /** What of a row says where it is in the list, as JSON. */
  position: z.ZodType<Position>;
  positionOf: (row: Row) => Position;
  /** Reads up to `limit` rows, those that come after a position, or after `offset` others. */
  read: (window: { after: Position | undefined; offset: number; limit: number }) => Promise<Row[]>;
  /** Counts all rows that the filter lets through. */
  count: () => Promise<number>;
}

/**
 * Reads one page of a list, by keyset or by page number, and counts if that is asked for. Gives back the rows and the
 * `page` member of the body. Throws `invalid_cursor`.
 */
export async function readPage<Row, Position>(
  { limit, cursor, page, total }: PageQuery,
  { filter, position, positionOf, read, count }: List<Row, Position>,
) {
  const byNumber = page !== undefined;
  const after = cursor === undefined ? undefined : decodeCursor(filter, position, cursor);
  const [found, counted] = await Promise.all([
    read({ after, offset: byNumber ? (page - 1) * limit : 0, limit: limit + 1 }),
    byNumber || total ? count() : undefined,
  ]);
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  const nextCursor = last === undefined || byNumber ? null : encodeCursor(filter, positionOf(last));
  return { rows, page: { limit, nextCursor, ...(counted !== undefined && { total: counted }) } };
}

const fingerprint = (filter: unknown) =>
  createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 8);

const encodeCursor = (filter: unknown, position: unknown): string =>
  Buffer.from(JSON.stringify([fingerprint(filter), position])).toString('base64url');

function decodeCursor<Position>(filter: unknown, position: z.ZodType<Position>, cursor: string): Position {
  const parsed = z
    .tuple([z.literal(fingerprint(filter)), position])
    .safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) throw new Problem(invalidCursor);
  return parsed.data[1];
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
