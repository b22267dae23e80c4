import { createHash } from 'node:crypto';
import { Problem, problemType } from '@polyglot-notes/service-kit';
import { z } from 'zod';

export const invalidCursor = problemType(
  400,
  'invalid_cursor',
  'The cursor is not one of ours, or was made for other filters',
);

/** Where a page ended, in the list's order. */
export interface Position {
  updatedAt: string;
  id: string;
}

const endOfYear9999 = 253_402_300_799_999;
const Cursor = z.tuple([z.string(), z.int().min(0).max(endOfYear9999), z.uuid()]);

const fingerprint = (filter: unknown) =>
  createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 8);

/** An opaque cursor for what comes after `position` under `filter`. */
export const encodeCursor = (filter: unknown, { updatedAt, id }: Position): string =>
  Buffer.from(JSON.stringify([fingerprint(filter), Date.parse(updatedAt), id])).toString('base64url');

/** The position in a cursor. Throws `invalid_cursor` if it was not made by `encodeCursor` for the same filter. */
export function decodeCursor(filter: unknown, cursor: string): Position {
  const parsed = Cursor.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success || parsed.data[0] !== fingerprint(filter)) throw new Problem(invalidCursor);
  const [, time, id] = parsed.data;
  return { updatedAt: new Date(time).toISOString(), id };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
