import { Problem, problems } from '@polyglot-notes/service-kit';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { Share } from '../shares.ts';
import type { Limits } from './limits.ts';
import { createOwnerUsage, type OwnerUsage } from './owner-usage.ts';

export type Transaction = Prisma.TransactionClient;

/** A transaction that changes the notes of one owner. */
export interface OwnerWrite {
  db: Transaction;
  userId: string;
  /** The revision of the owner that all changes of this transaction have. */
  rev: bigint;
  now: Date;
  limits: Limits;
  usage: OwnerUsage;
}

/**
 * Runs `work` in a transaction; those of one owner run one at a time. Throws `token_revoked` after an erasure, and what
 * `work` throws, after which nothing has changed.
 */
export type WriteAsOwner = <Result>(
  userId: string,
  work: (write: OwnerWrite) => Promise<Result>,
) => Promise<Result>;

interface OwnerWritesDependencies {
  db: PrismaClient;
  /** Writes of an owner wait here rather than for their lock, where each would hold a connection. */
  writeShare: Share;
  limits: Limits;
  clock: () => Date;
  /** Is called after each committed write. */
  onWrite: (userId: string) => void;
}

export function createOwnerWrites(dependencies: OwnerWritesDependencies): WriteAsOwner {
  const { db, writeShare, limits, clock, onWrite } = dependencies;
  return async (userId, work) => {
    const result = await writeShare(userId, () =>
      db.$transaction(async (transaction) => {
        const owner = await lockOwner(transaction, userId);
        if (owner === undefined) throw new Problem(problems.tokenRevoked);
        const { rev, ...stored } = owner;
        const [bytes, answerBytes] = [Number(stored.bytes), Number(stored.answerBytes)];
        const usage = createOwnerUsage({ ...stored, bytes, answerBytes }, limits);
        const done = await work({ db: transaction, userId, rev, now: clock(), limits, usage });
        if (usage.isChanged())
          await transaction.owner.update({
            where: { id: userId },
            data: usage.current(),
            select: { id: true },
          });
        return done;
      }),
    );
    onWrite(userId);
    return result;
  };
}

interface LockedOwner {
  rev: bigint;
  notes: number;
  trashed: number;
  bytes: bigint;
  versions: number;
  answerBytes: bigint;
}

/**
 * Raises the revision of an owner and locks their row until the transaction ends. A write that waited for an erasure
 * gets undefined, like every later one.
 */
export async function lockOwner(transaction: Transaction, id: string): Promise<LockedOwner | undefined> {
  const [owner] = await transaction.$queryRaw<LockedOwner[]>`
    insert into owners (id, rev) values (${id}::uuid, 1)
    on conflict (id) do update set rev = owners.rev + 1 where owners.erased_at is null
    returning rev, notes, trashed, bytes, versions, answer_bytes as "answerBytes"`;
  return owner;
}
