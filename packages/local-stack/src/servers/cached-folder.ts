import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCode } from '@polyglot-notes/service-kit';
import { exists } from './exists.ts';
import { isAlive } from './running-processes.ts';
import { makeOpenFolder } from './folder.ts';

/**
 * Returns the folder. When it is missing, calls `build` with a temporary folder and renames that. It appears complete or
 * not at all, and of several processes one builds while the others wait. Throws what `build` throws.
 */
export async function cachedFolder(
  folder: string,
  build: (temporary: string) => Promise<void>,
): Promise<string> {
  if (await exists(folder)) return folder;
  await makeOpenFolder(dirname(folder));
  await holdingLock(`${folder}.lock`, async () => {
    if (await exists(folder)) return;
    await removeAbandoned(folder);
    const temporary = `${folder}.tmp-${process.pid}`;
    await mkdir(temporary);
    try {
      await build(temporary);
      // The account that runs the databases must be able to read it, whatever the umask.
      if (process.getuid?.() === 0) await promisify(execFile)('chmod', ['-R', 'a+rX', temporary]);
      await rename(temporary, folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
  return folder;
}

async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.tmp-`;
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(prefix)) await rm(join(dirname(folder), name), { recursive: true, force: true });
}

async function holdingLock(path: string, work: () => Promise<void>): Promise<void> {
  while (!(await claim(path))) {
    const owner = Number(await readFile(path, 'utf8').catch(() => '0'));
    if (owner > 0 && !isAlive(owner)) await rm(path, { force: true });
    else await sleep(200);
  }
  try {
    await work();
  } finally {
    await rm(path, { force: true });
  }
}

// Linked into place with its content, so that a lock always names its owner.
async function claim(path: string): Promise<boolean> {
  const mine = `${path}-${randomUUID()}`;
  await writeFile(mine, String(process.pid));
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
}
