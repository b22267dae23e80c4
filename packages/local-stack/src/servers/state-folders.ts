import { chown, lstat, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { exists } from './exists.ts';
import { makeOpenFolder } from './folder.ts';
import { reachable, serverUser } from './user.ts';

const rootState = '/var/lib/polyglot-notes';

/**
 * The folder of the databases: `<stateDir>/data`. For root it is a link into /var/lib,
 * because the account of the databases cannot enter a clone under /root. Throws one sentence when
 * the data belong to another user.
 */
export async function databaseFolder(stateDir: string): Promise<string> {
  const user = serverUser();
  const data = join(stateDir, 'data');
  const entry = await lstat(data).catch(missing);
  if (entry && process.getuid && entry.uid !== process.getuid())
    throw new Error(
      `${data} belongs to another user: start as that user, or remove it to begin with empty databases.`,
    );
  if (entry && (await exists(data))) return realpath(data);
  await mkdir(stateDir, { recursive: true });
  await rm(data, { force: true }); // a link without its folder
  if (!user) {
    await mkdir(data, { recursive: true, mode: 0o700 });
    return realpath(data);
  }
  await makeOpenFolder(rootState);
  if (!reachable(rootState, user))
    throw new Error(
      `The user nobody, who runs the databases for root, cannot enter ${rootState}: chmod a+x it.`,
    );
  const folder = await mkdtemp(join(rootState, 'data-'));
  await chown(folder, user.uid, user.gid);
  await symlink(folder, data);
  return folder;
}

/** The data folder of each kind of server. */
export const serverFolders = (dataDir: string) => ({
  postgres: join(dataDir, 'postgresql'),
  mongod: join(dataDir, 'mongod'),
  documentdb: join(dataDir, 'documentdb'),
});

/**
 * The folder for downloads and programs that all clones share: `LOCAL_CACHE_DIR`, or the usual place on
 * this system. Throws one sentence when `LOCAL_CACHE_DIR` is not absolute.
 */
export function cacheDir(env: Record<string, string | undefined>): string {
  if (env['LOCAL_CACHE_DIR']) {
    if (!isAbsolute(env['LOCAL_CACHE_DIR'])) throw new Error('LOCAL_CACHE_DIR must be an absolute path.');
    return resolve(env['LOCAL_CACHE_DIR']);
  }
  if (process.getuid?.() === 0) return '/var/cache/polyglot-notes';
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'polyglot-notes');
}

const missing = (error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT') return undefined;
  throw error;
};
