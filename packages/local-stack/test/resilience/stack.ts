import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir, databaseFolder } from '../../src/servers/state-folders.ts';

export const cache = cacheDir(process.env);

/** An empty folder for databases, in the same place as for a start. */
export async function emptyFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const state = await mkdtemp(join(await realpath(tmpdir()), 'local-stack-'));
  const folder = await databaseFolder(state);
  return {
    folder,
    async remove() {
      await rm(folder, { recursive: true, force: true });
      await rm(state, { recursive: true, force: true });
    },
  };
}
