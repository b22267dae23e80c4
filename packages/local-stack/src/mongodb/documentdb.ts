import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDocumentdb, installedName, programsFolder } from '@polyglot-notes/documentdb-gateway';
import { cachedFolder } from '../servers/cached-folder.ts';
import { exists } from '../servers/exists.ts';
import { makeCacheFolder, makeServerFolder } from '../servers/folder.ts';
import { type MongodProcess, runMongod } from './mongod.ts';

/** Whether DocumentDB is installed in the cache folder. */
export const documentdbCached = (cacheDir: string): Promise<boolean> => exists(join(cacheDir, installedName));

/**
 * The folder with `initdb` and `postgres` of PostgreSQL with DocumentDB, installed in the cache folder on first use.
 * Throws one sentence when that is not possible here.
 */
export async function documentdbPrograms(
  cacheDir: string,
  progress: (line: string) => void,
): Promise<string> {
  await makeCacheFolder(cacheDir);
  const tree = await cachedFolder(join(cacheDir, installedName), (temporary) =>
    installDocumentdb(temporary, progress),
  );
  return join(tree, programsFolder);
}

/** Runs DocumentDB as a MongoDB server with its data in the folder. Throws one sentence on failure. */
export async function startDocumentdb(options: {
  folder: string;
  port: number;
  /** The folder of `documentdbPrograms`. */
  bin: string;
  durable: boolean;
}): Promise<MongodProcess> {
  const { folder, port, bin, durable } = options;
  await makeServerFolder(folder);
  // A script, because the `node` on the path may be too old for TypeScript.
  const program = join(folder, 'mongod');
  const entry = fileURLToPath(new URL('./documentdb-mongod.ts', import.meta.url));
  const words = [process.execPath, entry, '--programs', bin];
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  await writeFile(program, `#!/bin/sh\nexec ${command} ${durable ? '' : '--volatile '}"$@"\n`, {
    mode: 0o700,
  });
  return runMongod({ name: 'MongoDB (DocumentDB)', program, version: '8.0.0', folder, port });
}
