import { serverFolders } from '../servers/state-folders.ts';
import { stopLeftoverMongod } from '../mongodb/leftover.ts';
import { stopLeftoverPostgres } from '../postgres/leftover.ts';

/**
 * Stops the database servers that an earlier, killed start left running, to free their ports. Only for
 * folders that no running start uses. Throws one sentence when a server cannot be stopped.
 */
export async function stopLeftovers(dataDir: string): Promise<void> {
  const { postgres, mongod, documentdb } = serverFolders(dataDir);
  await Promise.all([
    stopLeftoverPostgres(postgres),
    stopLeftoverMongod(mongod),
    stopLeftoverMongod(documentdb),
  ]);
}
