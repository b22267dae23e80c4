export { connect, isUnavailable, ping } from './database.ts';
export { isDuplicateKey } from './duplicate-key.ts';
export { createDeliveriesRepository } from './deliveries.repository.ts';
export { beginRestore, endRestore, incompleteRestore, requireRestored } from './incomplete-restore.ts';
export {
  appliedMigrations,
  migrate,
  migrationsCollection,
  requireMigrations,
  type Migration,
} from './migrations.ts';
export { runMigrations } from './run-migrations.ts';
