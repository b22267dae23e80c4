import { Prisma } from '../../generated/prisma/client.ts';
import type { Reader } from '../database.ts';
import { inOrder, withinBytes } from '../notes/note-page.sql.ts';
import type { ReadNote } from '../notes/to-note.ts';
import type { ChangesPosition } from './changes-cursor.ts';

/** A changed note, or a tombstone: then all columns but `id` and `rev` are null. */
export type ChangeRow = ReadNote & { rev: number; isDestroyed: boolean; found: number };

interface OwnerRow {
  ownerRev: number;
  prunedRev: number;
}

/** Changes of an owner, with the owner's revision at the same moment. */
export interface ChangesRead {
  owner: { rev: number; prunedRev: number };
  rows: ChangeRow[];
}

/** Sorts after every other id. */
const largestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const order = inOrder(Prisma.sql`rev`, false);

const columns = Prisma.sql`id, title, content, tags, pinned, archived, version, created_at, updated_at, deleted_at, rev`;
const noColumns = Prisma.sql`null, null, null::text[], null::boolean, null::boolean, null::int, null::timestamptz, null::timestamptz, null::timestamptz`;

/**
 * Selects changes after a position. Without one, the walk begins at the oldest note, and no tombstone belongs to it.
 */
function changesAfter(userId: string, position: ChangesPosition | undefined, limit: number) {
  const { rev, id, from } = position ?? { rev: -1, id: null, from: Number.MAX_SAFE_INTEGER };
  const isAfter = Prisma.sql`
    user_id = ${userId}::uuid and (rev, id) > (${rev}::bigint, ${id ?? largestId}::uuid)`;
  return Prisma.sql`
    (select ${columns}, false as destroyed from notes where ${isAfter} ${order} limit ${limit})
    union all
    (select id, ${noColumns}, rev, true from destroyed_notes where ${isAfter} and rev > ${from}::bigint ${order} limit ${limit})
    ${order} limit ${limit}`;
}

export const createChangesRepository = (db: Reader) => ({
  /** Reads up to `limit` changes after a position, in the order of their revisions, from one snapshot. */
  async after(userId: string, position: ChangesPosition | undefined, limit: number): Promise<ChangesRead> {
    const extraColumns = Prisma.sql`rev::float8 as rev, destroyed as "isDestroyed"`;
    const rows = await db.readPrepared<OwnerRow & (ChangeRow | { id: null })>(Prisma.sql`
      select owner.*, change.* from (
        select coalesce(max(rev), 0)::float8 as "ownerRev", coalesce(max(pruned_rev), 0)::float8 as "prunedRev"
        from owners where id = ${userId}::uuid
      ) as owner
      left join (${withinBytes(changesAfter(userId, position, limit), order, extraColumns)}) as change on true
      ${order}`);
    const { ownerRev, prunedRev } = rows[0] ?? { ownerRev: 0, prunedRev: 0 };
    return { owner: { rev: ownerRev, prunedRev }, rows: rows.filter((row) => row.id !== null) };
  },

  /** The revisions of owners. */
  revisions: (userIds: string[]): Promise<{ id: string; rev: number }[]> =>
    db.readPrepared(Prisma.sql`select id, rev::float8 as rev from owners where id = any(${userIds}::uuid[])`),
});
