import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir, databaseFolder } from '../src/state-folders.ts';

export const cache = cacheDir(process.env);

/** An empty folder for databases, where a start would put it. */
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

/** A port nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
