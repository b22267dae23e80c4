import { currentWork } from '@polyglot-notes/service-kit';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';

const batchSize = 1_000;
const dayMs = 86_400_000;

/** Removes the tombstones that are older than `changesDays`. Several instances may do so at once. */
export async function pruneTombstones(
  db: PrismaClient,
  { now, changesDays, closing }: { now: Date; changesDays: number; closing: AbortSignal },
): Promise<void> {
  const before = new Date(now.getTime() - changesDays * dayMs);
  let removed: number;
  do {
    removed = 0;
    for (const userId of await ownersWithTombstones(db, before)) {
      if (closing.aborted) return;
      currentWork()?.begin();
      removed += await pruneOwner(db, userId, before);
    }
    // Without progress, the rest belongs to owners that are being changed. The next run removes it.
  } while (removed > 0);
}

async function ownersWithTombstones(db: PrismaClient, before: Date): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    select distinct user_id as id from (
      select user_id from destroyed_notes where destroyed_at < ${before} order by destroyed_at limit ${batchSize}
    ) as oldest`;
  return rows.map(({ id }) => id);
}

/** Removes the oldest tombstones of an owner, up to the size of a batch, unless another transaction changes the owner. */
const pruneOwner = (db: PrismaClient, userId: string, before: Date): Promise<number> =>
  db.$transaction(async (transaction) => {
    // Writes lock the owner first, too. The next statement sees what they have committed.
    const locked = await transaction.$queryRaw<unknown[]>`
      select id from owners where id = ${userId}::uuid for no key update skip locked`;
    if (locked.length === 0) return 0;
    const [removed] = await transaction.$queryRaw<[{ count: number }]>(Prisma.sql`
      with removed as (
        delete from destroyed_notes where user_id = ${userId}::uuid and id in (
          select id from destroyed_notes where user_id = ${userId}::uuid and destroyed_at < ${before}
          order by rev, id limit ${batchSize}
        ) returning rev
      ), owner as (
        update owners set pruned_rev = greatest(pruned_rev, (select max(rev) from removed)) where id = ${userId}::uuid
      )
      select count(*)::int as count from removed`);
    return removed.count;
  });
