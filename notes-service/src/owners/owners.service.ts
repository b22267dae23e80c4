import type { PrismaClient } from '../../generated/prisma/client.ts';
import { createOwnersRepository } from './owners.repository.ts';
import type { Owner } from './owners.schemas.ts';

const pageSize = 1_000;

export interface OwnersDependencies {
  db: PrismaClient;
  /** Without the time limit of other requests. */
  erasureDb: PrismaClient;
  clock: () => Date;
}

export function createOwnersService({ db, erasureDb, clock }: OwnersDependencies) {
  const owners = createOwnersRepository(db);
  return {
    list: async (after: string): Promise<{ items: Owner[] }> => ({
      items: await owners.after(after, pageSize),
    }),

    // A user who never wrote a note has no row.
    get: async (id: string): Promise<Owner> => (await owners.find(id)) ?? { id, isErased: false, notes: 0 },

    erase: (id: string) => createOwnersRepository(erasureDb).erase(id, clock()),
  };
}
