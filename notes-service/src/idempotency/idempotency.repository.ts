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
export const createKeysRepository = ({ db, userId, now }: OwnerWrite) => ({
  async find(key: string): Promise<KeyedState | undefined> {
    const row = await db.idempotencyKey.findFirst({ where: { userId, key, createdAt: { gt: oldest(now) } } });
    if (row === null) return undefined;
    const { fingerprint, status, headers, body, progress } = row;
    if (status === null) return { fingerprint, progress: (progress ?? {}) as Prisma.InputJsonObject };
    const answer = { status, headers: headers as Record<string, string>, body: body ?? '' };
    return { fingerprint, answer };
  },

  /** Stores the state of a key in place of an earlier one. */
  async put(key: string, { fingerprint, answer, progress }: KeyedState): Promise<void> {
    const state = {
      fingerprint,
      status: answer?.status ?? null,
      headers: answer?.headers ?? Prisma.DbNull,
      body: answer?.body ?? null,
      progress: progress ?? Prisma.DbNull,
      createdAt: now,
    };
    await db.idempotencyKey.upsert({
      where: { userId_key: { userId, key } },
      create: { userId, key, ...state },
      update: state,
      select: { key: true },
    });
  },
});

/** Deletes up to `limit` keys of all owners that are no longer kept. Returns how many there were. */
export const deleteOldKeys = (db: PrismaClient, now: Date, limit: number): Promise<number> =>
  db.$executeRaw`
    delete from idempotency_keys where (user_id, key) in (
      select user_id, key from idempotency_keys where created_at <= ${oldest(now)}
      order by created_at limit ${limit} for update skip locked
    )`;
