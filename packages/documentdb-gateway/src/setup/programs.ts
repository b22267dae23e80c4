import { chmod, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackFromDebian } from './debian-packages.ts';

/** The folder with `initdb` and `postgres`, inside the tree that `installDocumentdb` fills. */
export const programsFolder = 'usr/lib/postgresql/18/bin';

/** A name for the installed tree; its last number counts changes to this file. */
export const installedName = `documentdb-postgresql18-${process.arch}-1`;

/**
 * Installs PostgreSQL 18 with the DocumentDB extension from Debian's packages into the empty folder `tree`. Throws one
 * sentence when that is not possible on this host.
 */
export async function installDocumentdb(tree: string, progress: (line: string) => void): Promise<void> {
  progress("Setting up DocumentDB from Debian's packages (140 MB, once)");
  await unpackFromDebian('postgresql-18-documentdb', tree, join(tree, 'apt'));
  progress('Preparing DocumentDB');
  await keepOnlyServer(tree);
  // The package's own installation does this with update-alternatives.
  const extensions = join(tree, 'usr/share/postgresql/18/extension');
  await symlink('postgis-3.control', join(extensions, 'postgis.control'));
  for (const program of ['initdb', 'postgres']) await runWithOwnLibraries(tree, program);
}

async function keepOnlyServer(tree: string): Promise<void> {
  const keep = new Set(['usr', 'lib', 'share', 'postgresql', 'doc']);
  for (const parent of ['', 'usr', 'usr/share'])
    for (const name of await readdir(join(tree, parent)))
      if (!keep.has(name)) await rm(join(tree, parent, name), { recursive: true });
}

/**
 * Replaces the program by a script that runs it on the C library of its packages instead of the host's. A script, because
 * initdb itself starts `postgres`, and PostgreSQL finds its files relative to the path it was called by.
 */
async function runWithOwnLibraries(tree: string, program: string): Promise<void> {
  const path = join(tree, programsFolder, program);
  const architecture = (await readdir(join(tree, 'usr/lib'))).find((name) => name.includes('-linux-gnu'));
  const libraries = `../../../${architecture ?? ''}`;
  const loader = (await readdir(join(tree, programsFolder, libraries))).find((name) =>
    name.startsWith('ld-linux'),
  );
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
