import type { Connection } from 'mongoose';

/** The time of the latest backup of the whole system, in one document. The program of the backup writes it. */
export const latestBackupCollection = 'latestBackup';

const latest = { _id: 'latest' };

export type LatestBackupRepository = ReturnType<typeof createLatestBackupRepository>;

export function createLatestBackupRepository(db: Connection) {
  const backups = db.collection<{ _id: string; endedAt: Date }>(latestBackupCollection);
  return {
    /** Records that a whole backup ended at this time. */
    async record(endedAt: Date): Promise<void> {
      await backups.updateOne(latest, { $set: { endedAt } }, { upsert: true });
    },

    /** When it ended; undefined before the first one, also after a restore. */
    endedAt: async (): Promise<Date | undefined> => (await backups.findOne(latest))?.endedAt,
  };
}
