import type { Metrics } from '@polyglot-notes/service-kit';
import type { LatestBackupRepository } from './latest-backup.repository.ts';

/** Adds the gauge `backup_completed_timestamp_seconds`, which is 0 without a backup. */
export function latestBackupMetrics(
  metrics: Metrics,
  { latestBackup }: { latestBackup: Pick<LatestBackupRepository, 'endedAt'> },
): void {
  metrics.storedGauge({
    name: 'backup_completed_timestamp_seconds',
    help: 'When the latest backup of all databases ended, or 0',
    async read() {
      const endedAt = await latestBackup.endedAt();
      return [{ value: (endedAt?.getTime() ?? 0) / 1000 }];
    },
  });
}
