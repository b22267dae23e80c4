import { currentWork, Problem, type Logger } from '@polyglot-notes/service-kit';
import { Prisma } from '../../generated/prisma/client.ts';
import { isUnavailable, type Reader } from '../database.ts';
import { createNotesRepository } from '../notes/notes.repository.ts';
import type { WriteAsOwner } from '../owners/owner-writes.ts';
import { smallestId } from '../owners/owners.schemas.ts';
import { createTrashRepository } from './trash.repository.ts';

const [ownersAtOnce, notesAtOnce] = [1_000, 500];
const dayMs = 86_400_000;

interface PurgeDependencies {
  listDb: Reader;
  writeLong: WriteAsOwner;
  clock: () => Date;
  trashDays: number;
  log: Pick<Logger, 'error' | 'warn'>;
}

/**
 * Creates the job that destroys the notes that have been in the trash for `trashDays` times 24 hours. Several instances may
 * run it at once. It stops between two transactions when `closing` aborts.
 */
export function createTrashPurge({ listDb, writeLong, clock, trashDays, log }: PurgeDependencies) {
  const trash = createTrashRepository(listDb);

  async function purgeOwner(userId: string, since: Date, closing: AbortSignal): Promise<void> {
    const oldest = Prisma.sql`id in (
      select id from notes where user_id = ${userId}::uuid and deleted_at <= ${since}
      order by deleted_at, id limit ${notesAtOnce})`;
    while (!closing.aborted) {
      const destroyed = await writeLong(userId, (write) => createNotesRepository(write).destroy(oldest));
      if (destroyed < notesAtOnce) return;
    }
  }

  return async (closing: AbortSignal): Promise<void> => {
    const since = new Date(clock().getTime() - trashDays * dayMs);
    let after: string | undefined = smallestId;
    while (after !== undefined) {
      const owners = await trash.ownersAfter(after, since, ownersAtOnce);
      for (const { id } of owners.filter(({ isDue }) => isDue)) {
        currentWork()?.begin();
        await purgeOwner(id, since, closing).catch((err: unknown) => {
          currentWork()?.fail(err);
          const willPass = err instanceof Problem || isUnavailable(err);
          log[willPass ? 'warn' : 'error']({ err, userId: id }, 'the trash of a user has not been purged');
        });
      }
      after = owners.length === ownersAtOnce && !closing.aborted ? owners.at(-1)?.id : undefined;
    }
  };
}
