import { decodeCursor, encodeCursor, Problem, problemType } from '@polyglot-notes/service-kit';
import { z } from 'zod';

export const cursorExpired = problemType(
  410,
  'cursor_expired',
  'The changes since the cursor are no longer known: read all notes again, without `since`',
);

/** A position in the changes of an owner, after the note `id` of the revision `rev`. */
export interface ChangesPosition {
  rev: number;
  /** Null after all notes of the revision. */
  id: string | null;
  /** The revision of the owner when the client began to read. Notes destroyed up to it were never sent to the client. */
  from: number;
}

const Revision = z.int().min(0);
const Position = z.tuple([Revision, z.uuid().nullable(), Revision]);

const filterOf = (userId: string) => ['changes', userId];

export const encodePosition = (userId: string, { rev, id, from }: ChangesPosition): string =>
  encodeCursor(filterOf(userId), [rev, id, from]);

/** Throws `invalid_cursor` when the cursor is none of this user. */
export function decodePosition(userId: string, cursor: string): ChangesPosition {
  const [rev, id, from] = decodeCursor(filterOf(userId), Position, cursor);
  return { rev, id, from };
}

/**
 * Throws `cursor_expired` when a tombstone that the client has not read may have been removed, or when the position is
 * later than the owner's revision, because a backup has been restored.
 */
export function checkIsKnown(
  { rev, id, from }: ChangesPosition,
  owner: { rev: number; prunedRev: number },
): void {
  const completeRev = id === null ? rev : rev - 1;
  if (Math.max(completeRev, from) < owner.prunedRev || Math.max(rev, from) > owner.rev)
    throw new Problem(cursorExpired);
}
