import { join } from 'node:path';
import { stopLeftoverMongod } from './mongod-leftover.ts';
import { stopLeftoverPostgres } from './postgres-leftover.ts';

/** Where each kind of server keeps its data below the folder of all databases. */
export const serverFolders = (dataDir: string) => ({
  postgres: join(dataDir, 'postgresql'),
  mongod: join(dataDir, 'mongod'),
  documentdb: join(dataDir, 'documentdb'),
});

/**
 * Stops the database servers that an earlier, killed start left running, so that their ports are free again. Only for
 * folders that no live start uses. Throws one sentence when one cannot be stopped.
 */
export async function stopLeftovers(dataDir: string): Promise<void> {
  const { postgres, mongod, documentdb } = serverFolders(dataDir);
  await Promise.all([
    stopLeftoverPostgres(postgres),
    stopLeftoverMongod(mongod),
    stopLeftoverMongod(documentdb),
  ]);
}
