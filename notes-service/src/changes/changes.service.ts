import type { Reader } from '../database.ts';
import { toNote } from '../notes/to-note.ts';
import type { Share } from '../shares.ts';
import { checkIsKnown, decodePosition, encodePosition, type ChangesPosition } from './changes-cursor.ts';
import { createChangesRepository, type ChangeRow } from './changes.repository.ts';
import type { Change, ChangesQuery } from './changes.schemas.ts';
import type { RevisionWatch } from './revision-watch.ts';

export interface ChangesDependencies {
  listDb: Reader;
  listShare: Share;
  revisionWatch: RevisionWatch;
}

export type ChangesService = ReturnType<typeof createChangesService>;

export function createChangesService({ listDb, listShare, revisionWatch }: ChangesDependencies) {
  const changes = createChangesRepository(listDb);

  async function readPage(userId: string, since: ChangesPosition | undefined, limit: number) {
    const { owner, rows } = await listShare(userId, () => changes.after(userId, since, limit + 1));
    if (since !== undefined) checkIsKnown(since, owner);
    const read = rows.slice(0, limit);
    const hasMore = read.length < (rows[0]?.found ?? 0);
    const from = since?.from ?? owner.rev;
    const last = hasMore ? read.at(-1) : undefined;
    const next =
      last === undefined ? { rev: owner.rev, id: null, from } : { rev: last.rev, id: last.id, from };
    const page = { limit, nextCursor: encodePosition(userId, next), hasMore };
    return { ownerRev: owner.rev, body: { items: read.map(toChange), page } };
  }

  return {
    /** Reads the changes since a cursor. While there are none, waits for one until the time is over or `end` aborts. */
    async page(userId: string, { since, limit, wait }: ChangesQuery, end: AbortSignal) {
      const position = since === undefined ? undefined : decodePosition(userId, since);
      if (wait === 0) return (await readPage(userId, position, limit)).body;
      // Before the first read, so that no write is missed.
      const watcher = revisionWatch.watch(userId);
      try {
        const waitEnd = AbortSignal.any([end, AbortSignal.timeout(wait * 1_000)]);
        for (;;) {
          const { ownerRev, body } = await readPage(userId, position, limit);
          if (body.items.length > 0) return body;
          await watcher.changeAfter(ownerRev, waitEnd);
          if (waitEnd.aborted) return body;
        }
      } finally {
        watcher.stop();
      }
    },
  };
}

function toChange(row: ChangeRow): Change {
  const { id } = row;
  if (row.isDestroyed) return { type: 'destroyed', id };
  const note = toNote(row);
  const { version, deletedAt } = note;
  return deletedAt === null
    ? { type: 'note', id, version, note }
    : { type: 'trashed', id, version, deletedAt, note };
}
