import { hash } from 'node:crypto';
import { z } from 'zod';
import { Problem, problems, problemType } from '../problems/problem.ts';

export const invalidCursor = problemType(
  400,
  'invalid_cursor',
  'The cursor is not valid, or belongs to other filters',
);

const maxDepth = 10_000;

/** The position of an item in a list by time, for its cursor: a time in milliseconds since 1970, and the id of the item. */
export const TimePosition = z.tuple([z.int().min(0).max(8.64e15), z.string()]);
export type TimePosition = z.output<typeof TimePosition>;

const wholeNumber = (minimum: number, maximum: number) => ({
  type: 'integer',
  minimum,
  maximum,
  pattern: undefined,
});

/** The text `true` or `false` in a query. */
export const flag = z.enum(['true', 'false']).meta({ type: 'boolean', enum: undefined });

/** The query parameter `limit` of a list. */
export const pageLimit = z
  .string()
  .regex(/^(?:[1-9]\d?|100)$/, { error: 'must be a whole number from 1 to 100', abort: true })
  .default('20')
  .meta({
    ...wholeNumber(1, 100),
    default: 20,
    description: 'The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.',
  })
  .transform(Number)
  .meta({ examples: [20] });

const Paging = {
  limit: pageLimit,
  cursor: z.string().optional().meta({
    maxLength: 4_000,
    pattern: '^[A-Za-z0-9_-]+$',
    description:
      'The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`.',
  }),
  page: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, {
      error: `must be a whole number from 1, and page × limit at most ${maxDepth}`,
      abort: true,
    })
    .transform(Number)
    .optional()
    .meta({
      ...wholeNumber(1, maxDepth),
      description: `A page number, from 1. It cannot be combined with \`cursor\`, and page × limit may be at most ${maxDepth}. The response has the total. A page that is too large to send is a 400 with the code \`page_too_large\`: request a smaller \`limit\`, or use cursors.`,
      examples: [1],
    }),
  total: flag
    .default('false')
    .meta({
      default: false,
      description: 'Whether the response has the total number of items.',
    })
    .transform((value) => value === 'true')
    .meta({ examples: [true] }),
};

const asQuery = (parsed: unknown) => parsed as PageQuery;

/** The query schema of a list: its own `filters`, and `limit`, `cursor`, `page` and `total`. */
export const listQuery = <Filters extends z.ZodRawShape>(filters: Filters) =>
  z
    .object({ ...filters, ...Paging })
    .refine((parsed) => asQuery(parsed).page === undefined || asQuery(parsed).cursor === undefined, {
      error: 'cannot be combined with cursor',
      path: ['page'],
    })
    .refine((parsed) => (asQuery(parsed).page ?? 0) * asQuery(parsed).limit <= maxDepth, {
      error: `is too large: page × limit may be at most ${maxDepth}; use cursors to read further`,
      path: ['page'],
    });

/** The schema of one page of `item`s, with its name, example items for the API reference, and `more` members of `page`. */
export const pageOf = <Item extends z.ZodType, More extends z.ZodRawShape>(
  id: string,
  item: Item,
  exampleItems: z.output<Item>[],
  more: More = {} as More,
) =>
  z
    .object({
      items: z.array(item),
      page: z.object({
        limit: z.int(),
        nextCursor: z
          .string()
          .nullable()
          .meta({ description: 'Null on the last page, and in a request with `page`.' }),
        total: z.int().optional().meta({ description: 'Only in a request with `page` or `total=true`.' }),
        ...more,
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
  /** Filters and order, as JSON. A cursor is valid only for the same ones. */
  filter: unknown;
  position: z.ZodType<Position>;
  positionOf: (row: Row) => Position;
  /** Reads up to `limit` rows after a position, or after `offset` rows. */
  read: (window: { after: Position | undefined; offset: number; limit: number }) => Promise<Row[]>;
  /** For a list whose pages are limited in bytes: how many rows `read` found. It returns fewer, but at least one. */
  foundOf?: (row: Row) => number;
  count: () => Promise<number>;
}

/**
 * Reads the rows of one page of a list, and the `page` member of its body. Throws `invalid_cursor`, and
 * `validation_failed` for a numbered page of too many bytes.
 */
export async function readPage<Row, Position>(
  { limit, cursor, page, total }: PageQuery,
  { filter, position, positionOf, read, foundOf, count }: List<Row, Position>,
) {
  const byNumber = page !== undefined;
  const after = cursor === undefined ? undefined : decodeCursor(filter, position, cursor);
  // One after the other, so that a request holds one connection to the database at a time.
  const found = await read({ after, offset: byNumber ? (page - 1) * limit : 0, limit: limit + 1 });
  const counted = byNumber || total ? await count() : undefined;
  const rows = found.slice(0, limit);
  const foundRows = Math.max(found.length, ...found.slice(0, 1).map((row) => foundOf?.(row) ?? 0));
  if (byNumber && rows.length < Math.min(limit, foundRows)) throw pageTooLarge();
  const last = foundRows > rows.length ? rows.at(-1) : undefined;
  const nextCursor = last === undefined || byNumber ? null : encodeCursor(filter, positionOf(last));
  return { rows, page: { limit, nextCursor, ...(counted !== undefined && { total: counted }) } };
}

// In a list with cursors, the rest of a page moves to the next one. A page by number cannot do that.
const pageTooLarge = () =>
  new Problem(problems.validationFailed, {
    errors: [
      {
        path: 'query.page',
        message: 'has too many bytes: use a smaller limit, or cursors, which end a page early',
        code: 'page_too_large',
      },
    ],
  });

/** Whether the cursor was made for these filters and this order. */
export const cursorMatches = (filter: unknown, cursor: string): boolean =>
  parseCursor(filter, z.unknown(), cursor).success;

const fingerprints = new Map<string, string>();
const maxRemembered = 100;

/** Few filters make up most requests, so the hashes of some are remembered. */
function fingerprint(filter: unknown): string {
  const json = JSON.stringify(filter);
  const known = fingerprints.get(json);
  if (known !== undefined) return known;
  const made = hash('sha256', json, 'base64url').slice(0, 8);
  if (fingerprints.size === maxRemembered) fingerprints.clear();
  if (json.length <= 200) fingerprints.set(json, made);
  return made;
}

/** Encodes a position in a list as a cursor for these filters. */
export const encodeCursor = (filter: unknown, position: unknown): string =>
  Buffer.from(JSON.stringify([fingerprint(filter), position])).toString('base64url');

/** Decodes a cursor. Throws `invalid_cursor` when it is none, or was made for other filters. */
export function decodeCursor<Position>(
  filter: unknown,
  position: z.ZodType<Position>,
  cursor: string,
): Position {
  const parsed = parseCursor(filter, position, cursor);
  if (!parsed.success) throw new Problem(invalidCursor);
  return parsed.data[1];
}

const parseCursor = <Position>(filter: unknown, position: z.ZodType<Position>, cursor: string) =>
  z.tuple([z.literal(fingerprint(filter)), position]).safeParse(parseJson(fromBase64url(cursor)));

/** Node skips characters that are none of base64url. Nothing is decoded of a text with one. */
const fromBase64url = (text: string) =>
  /^[\w-]*$/.test(text) ? Buffer.from(text, 'base64url').toString() : '';

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
