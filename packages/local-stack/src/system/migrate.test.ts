import { expect, test } from '@jest/globals';
import { migrateDatabases } from './migrate.ts';

test('fails for a service without src/migrate.ts', async () => {
  const migrating = migrateDatabases(import.meta.dirname, ['no-service'], () => ({}));
  await expect(migrating).rejects.toThrow(/Cannot find module .*no-service\/src\/migrate\.ts/);
});
