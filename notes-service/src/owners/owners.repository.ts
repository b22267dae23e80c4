import { Problem, problems } from '@polyglot-notes/service-kit';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import type { Owner } from './owners.schemas.ts';

export type Transaction = Prisma.TransactionClient;

const ownersSql = Prisma.sql`
  select id, erased_at is not null as "isErased",
    (select count(*)::int from notes where user_id = owners.id) as notes
  from owners`;

/** Owners of notes. The row of an owner is the lock of all their writes, and after an erasure it refuses writes. */
export const createOwnersRepository = (db: PrismaClient) => ({
  /** Runs `work` in a transaction; those of one owner run one at a time. Throws `token_revoked` after an erasure. */
  write: <Result>(id: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result> =>
    db.$transaction(async (transaction) => {
      if (!(await raiseRevision(transaction, id))) throw new Problem(problems.tokenRevoked);
      return work(transaction);
    }),

  /** Reads up to `limit` owners in the order of their ids, from the one after `id`. */
  after: (id: string, limit: number): Promise<Owner[]> =>
    db.$queryRaw<Owner[]>`${ownersSql} where id > ${id}::uuid order by id limit ${limit}`,

  async find(id: string): Promise<Owner | undefined> {
    const [row] = await db.$queryRaw<Owner[]>`${ownersSql} where id = ${id}::uuid`;
    return row;
  },

  /** Deletes all notes of an owner and refuses later writes. Returns the number of notes, also when repeated. */
  erase: (id: string, now: Date): Promise<number> =>
    db.$transaction(async (transaction) => {
      if (!(await raiseRevision(transaction, id))) {
        const { erasedNotes } = await transaction.owner.findUniqueOrThrow({ where: { id } });
        return erasedNotes ?? 0;
      }
      const { count } = await transaction.note.deleteMany({ where: { userId: id } });
      await transaction.owner.update({ where: { id }, data: { erasedAt: now, erasedNotes: count } });
      return count;
    }),
});

/**
 * Raises the revision of an owner and locks their row until the transaction ends. A write that waited for an erasure
 * gets false, like every later one.
 */
async function raiseRevision(transaction: Transaction, id: string): Promise<boolean> {
  const raised = await transaction.$executeRaw`
    insert into owners (id, rev) values (${id}::uuid, 1)
    on conflict (id) do update set rev = owners.rev + 1 where owners.erased_at is null`;
  return raised === 1;
}
