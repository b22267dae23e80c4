export { connect, isUnavailable, ping } from './database.ts';
export { isDuplicateKey } from './duplicate-key.ts';
export { createDeliveriesRepository } from './deliveries.repository.ts';
export { migrate, requireMigrations, type Migration } from './migrations.ts';
export { runMigrations } from './run-migrations.ts';
