import { chmod, chown, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { reachable, serverUser } from './user.ts';

/**
 * Creates a folder for the files of a database, with its parents. New folders belong to the account that runs
 * the database and are closed to others. Throws one sentence when that account cannot enter it.
 */
export async function makeServerFolder(folder: string): Promise<void> {
  const user = serverUser();
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!user) return;
  if (first)
    for (let made = resolve(folder); made.length >= resolve(first).length; made = dirname(made))
      await chown(made, user.uid, user.gid);
  if (!reachable(folder, user))
    throw new Error(
      `PostgreSQL does not run as root, and the user nobody, who runs it instead, cannot enter ${folder}: keep the data in a folder that every user can reach.`,
    );
}

/** Creates the cache folder. Throws one sentence when the account that runs the databases cannot enter it. */
export async function makeCacheFolder(cacheDir: string): Promise<void> {
  await makeOpenFolder(cacheDir);
  if (!reachable(cacheDir, serverUser()))
    throw new Error(
      `PostgreSQL does not run as root, and the user nobody, who runs it instead, cannot enter ${cacheDir}: set LOCAL_CACHE_DIR to a folder that every user can reach.`,
    );
}

/** Creates the folder, with its parents, open to every user; does not change an existing one. */
export async function makeOpenFolder(folder: string): Promise<void> {
  if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o755); // the umask may have closed it
}
