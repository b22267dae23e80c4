import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import type { OwnerWrite } from '../owners/owner-writes.ts';

const keptMs = 24 * 60 * 60_000;
const oldest = (now: Date) => new Date(now.getTime() - keptMs);

/** An answer as it was sent first. `body` is JSON. */
export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What is stored for a key: the answer, or the progress of a request that is not finished. */
export interface KeyedState {
  /** Of the request that used the key first. */
  fingerprint: string;
  answer?: StoredAnswer;
  progress?: Prisma.InputJsonObject;
}

/** The idempotency keys of one owner, in a transaction of the owner. A key is kept for 24 hours after it was stored. */
export const createKeysRepository = ({ db, userId, now, usage }: OwnerWrite) => ({
  async find(key: string): Promise<KeyedState | undefined> {
    const row = await db.idempotencyKey.findFirst({ where: { userId, key, createdAt: { gt: oldest(now) } } });
    if (row === null) return undefined;
    const { fingerprint, status, headers, body, progress } = row;
    if (status === null) return { fingerprint, progress: (progress ?? {}) as Prisma.InputJsonObject };
    const answer = { status, headers: headers as Record<string, string>, body: body ?? '' };
    return { fingerprint, answer };
  },

  /**
   * Stores the state of a key in place of an earlier one. Throws `storage_limit_reached` if that would pass the limit by more
   * than `room`.
   */
  async put(key: string, { fingerprint, answer, progress }: KeyedState, room = 0): Promise<void> {
    const bytes = Buffer.byteLength(answer?.body ?? JSON.stringify(progress));
    const id = { userId_key: { userId, key } };
    const earlier = await db.idempotencyKey.findUnique({ where: id, select: { bytes: true } });
    usage.add({ answerBytes: bytes - (earlier?.bytes ?? 0) }, { room });
    const state = {
      fingerprint,
      status: answer?.status ?? null,
      headers: answer?.headers ?? Prisma.DbNull,
      body: answer?.body ?? null,
      progress: progress ?? Prisma.DbNull,
      bytes,
      createdAt: now,
    };
    await db.idempotencyKey.upsert({
      where: id,
      create: { userId, key, ...state },
      update: state,
      select: { key: true },
    });
  },
});

/**
 * Deletes up to `limit` keys of all owners that are no longer kept, without those of owners who are writing. Returns how many
 * there were.
 */
export async function deleteOldKeys(db: PrismaClient, now: Date, limit: number): Promise<number> {
  const [deleted] = await db.$queryRaw<{ keys: number }[]>`
    with old as materialized (
      select user_id, key from idempotency_keys where created_at <= ${oldest(now)} order by created_at limit ${limit}
    ),
    locked as materialized (
      select id from owners where id in (select user_id from old) for update skip locked
    ),
    deleted as (
      delete from idempotency_keys as keys using old, locked
      where keys.user_id = locked.id and old.user_id = locked.id and keys.key = old.key
        and keys.created_at <= ${oldest(now)}
      returning keys.user_id, keys.bytes
    ),
    counted as (
      update owners set answer_bytes = owners.answer_bytes - freed.bytes
      from (select user_id, sum(bytes) as bytes from deleted group by user_id) as freed
      where owners.id = freed.user_id
    )
    select count(*)::int as keys from deleted`;
  return deleted?.keys ?? 0;
}
