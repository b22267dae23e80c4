import { Problem, problems } from '@polyglot-notes/service-kit';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';

export type Transaction = Prisma.TransactionClient;

interface OwnerRow {
  id: string;
  isErased: boolean;
  notes: number;
}

const ownerRows = Prisma.sql`
  select id, erased_at is not null as "isErased",
    (select count(*)::int from notes where user_id = owners.id) as notes
  from owners`;

export type OwnersRepository = ReturnType<typeof ownersRepository>;

/** Who may write. An owner's row is the lock that all writes in their name take first, and the fence that ends them. */
export const ownersRepository = (db: PrismaClient) => ({
  /** Runs `work` as one transaction of the owner, one after the other. Throws `token_revoked` once they are erased. */
  write: <Result>(id: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result> =>
    db.$transaction(async (transaction) => {
      if (!(await raiseRevision(transaction, id))) throw new Problem(problems.tokenRevoked);
      return work(transaction);
    }),

  /** Owners by id, those after one: whether they were erased, and how many notes they have. */
  after: (id: string, limit: number): Promise<OwnerRow[]> =>
    db.$queryRaw<OwnerRow[]>`${ownerRows} where id > ${id}::uuid order by id limit ${limit}`,

  async find(id: string): Promise<OwnerRow | undefined> {
    const [row] = await db.$queryRaw<OwnerRow[]>`${ownerRows} where id = ${id}::uuid`;
    return row;
  },

  /** Destroys all notes of the owner, and lets no later write in; how many they were, also when asked again. */
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
 * Raises the owner's revision, and holds their row until the transaction ends: who waited for an erasure sees it.
 * False when the owner has been erased.
 */
async function raiseRevision(transaction: Transaction, id: string): Promise<boolean> {
  const raised = await transaction.$executeRaw`
    insert into owners (id, rev) values (${id}::uuid, 1)
    on conflict (id) do update set rev = owners.rev + 1 where owners.erased_at is null`;
  return raised === 1;
}
