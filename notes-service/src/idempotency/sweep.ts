import { currentWork } from '@polyglot-notes/service-kit';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { deleteOldKeys } from './idempotency.repository.ts';

const batchSize = 1_000;

/** Deletes the idempotency keys that are no longer kept. Several instances may do so at once. */
export async function sweepKeys(db: PrismaClient, now: Date): Promise<void> {
  while ((await deleteOldKeys(db, now, batchSize)) > 0) currentWork()?.begin();
}
