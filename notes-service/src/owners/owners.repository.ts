import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import type { Usage } from './limits.ts';
import { lockOwner } from './owner-writes.ts';
import type { Erasure, Owner } from './owners.schemas.ts';

const ownersSql = Prisma.sql`
  select id, erased_at is not null as "isErased",
    (select count(*)::int from notes where user_id = owners.id) as notes
  from owners`;

/** The owners of notes. After an erasure the row of an owner refuses writes. */
export const createOwnersRepository = (db: PrismaClient) => ({
  /** Reads up to `limit` owners in the order of their ids, from the one after `id`. */
  after: (id: string, limit: number): Promise<Owner[]> =>
    db.$queryRaw<Owner[]>`${ownersSql} where id > ${id}::uuid order by id limit ${limit}`,

  async find(id: string): Promise<Owner | undefined> {
    const [row] = await db.$queryRaw<Owner[]>`${ownersSql} where id = ${id}::uuid`;
    return row;
  },

  /** What an owner has stored. */
  async usage(id: string): Promise<Usage> {
    const select = { notes: true, trashed: true, bytes: true, versions: true };
    const row = await db.owner.findUnique({ where: { id }, select });
    return row === null
      ? { notes: 0, trashed: 0, bytes: 0, versions: 0 }
      : { ...row, bytes: Number(row.bytes) };
  },

  /** Deletes all that an owner has and refuses later writes. Returns the numbers, also when repeated. */
  erase: (id: string, now: Date): Promise<Erasure> =>
    db.$transaction(async (transaction) => {
      if ((await lockOwner(transaction, id)) === undefined) {
        const erased = await transaction.owner.findUniqueOrThrow({ where: { id } });
        return {
          notes: erased.erasedNotes ?? 0,
          trashed: erased.erasedTrashed ?? 0,
          versions: erased.erasedVersions ?? 0,
          idempotencyKeys: erased.erasedKeys ?? 0,
        };
      }
      const where = { userId: id };
      const trashed = await transaction.note.count({ where: { ...where, deletedAt: { not: null } } });
      const { count: notes } = await transaction.note.deleteMany({ where });
      const { count: versions } = await transaction.noteVersion.deleteMany({ where });
      const { count: idempotencyKeys } = await transaction.idempotencyKey.deleteMany({ where });
      await transaction.destroyedNote.deleteMany({ where });
      await transaction.owner.update({
        where: { id },
        data: {
          erasedAt: now,
          erasedNotes: notes,
          erasedTrashed: trashed,
          erasedVersions: versions,
          erasedKeys: idempotencyKeys,
          notes: 0,
          trashed: 0,
          bytes: 0,
          versions: 0,
          answerBytes: 0,
        },
      });
      return { notes, trashed, versions, idempotencyKeys };
    }),
});
