import { chmod, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from '../cached-folder.ts';
import { exists } from '../exists.ts';
import { makeCacheFolder } from '../server-folder.ts';
import { unpackFromDebian } from './debian-packages.ts';

const bin = 'usr/lib/postgresql/18/bin';
// The number counts changes to what this file makes of the packages.
const folder = (cacheDir: string) => join(cacheDir, `documentdb-postgresql18-${process.arch}-1`);

/** Whether the cache folder holds PostgreSQL with DocumentDB, ready to run. */
export const documentdbCached = (cacheDir: string): Promise<boolean> => exists(folder(cacheDir));

/**
 * The folder with `initdb` and `postgres` of PostgreSQL 18 with the DocumentDB extension, set up from Debian's
 * packages in the cache folder on first use. Throws one sentence when that is not possible here.
 */
export async function documentdbPrograms(
  cacheDir: string,
  progress: (line: string) => void,
): Promise<string> {
  await makeCacheFolder(cacheDir);
  const tree = await cachedFolder(folder(cacheDir), async (temporary) => {
    progress("Setting up DocumentDB from Debian's packages (140 MB, once)");
    await unpackFromDebian('postgresql-18-documentdb', temporary, join(temporary, 'apt'));
    progress('Preparing DocumentDB');
    await keepOnlyServer(temporary);
    // What the package's own installation would do with update-alternatives.
    const extensions = join(temporary, 'usr/share/postgresql/18/extension');
    await symlink('postgis-3.control', join(extensions, 'postgis.control'));
    for (const program of ['initdb', 'postgres']) await runWithOwnLibraries(temporary, program);
  });
  return join(tree, bin);
}

async function keepOnlyServer(tree: string): Promise<void> {
  const keep = new Set(['usr', 'lib', 'share', 'postgresql', 'doc']);
  for (const parent of ['', 'usr', 'usr/share'])
    for (const name of await readdir(join(tree, parent)))
      if (!keep.has(name)) await rm(join(tree, parent, name), { recursive: true });
}

/**
 * Puts a script before the program that runs it on the C library it came with instead of the host's. A script,
 * because initdb itself starts `postgres`, and PostgreSQL finds its files from the path it was called by.
 */
async function runWithOwnLibraries(tree: string, program: string): Promise<void> {
  const path = join(tree, bin, program);
  const architecture = (await readdir(join(tree, 'usr/lib'))).find((name) => name.includes('-linux-gnu'));
  const libraries = `../../../${architecture ?? ''}`;
  const loader = (await readdir(join(tree, bin, libraries))).find((name) => name.startsWith('ld-linux'));
  if (!architecture || !loader)
    throw new Error(`Debian's packages hold no program loader for ${process.arch}.`);
  await rename(path, `${path}.program`);
  const searched = [libraries, '../lib', `${libraries}/blas`, `${libraries}/lapack`].map(
    (name) => `$here/${name}`,
  );
  await writeFile(
    path,
    `#!/bin/sh
here=$(cd "\${0%/*}" && pwd)
exec "$here/${libraries}/${loader}" --inhibit-cache --library-path "${searched.join(':')}" \\
  --argv0 "$here/${program}" "$here/${program}.program" "$@"
`,
  );
  await chmod(path, 0o755);
}
