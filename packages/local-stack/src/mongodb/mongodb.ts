import { join } from 'node:path';
import { errorMessage } from '@polyglot-notes/service-kit';
import { exists } from '../servers/exists.ts';
import { makeCacheFolder, makeServerFolder } from '../servers/folder.ts';
import { serverFolders } from '../servers/state-folders.ts';
import { documentdbCached, documentdbPrograms, startDocumentdb } from './documentdb.ts';
import { cachedMongod, downloadedMongod } from './download.ts';
import { pingMongo } from './external.ts';
import { runMongod } from './mongod.ts';

export type MongoStart = {
  dataDir: string;
  port: number;
  cacheDir: string;
  progress: (line: string) => void;
  env: Record<string, string | undefined>;
  /** False gives up surviving a power cut for speed, as tests want. */
  durable?: boolean;
};

export type Mongo = {
  url: string;
  kind: 'external' | 'mongod' | 'documentdb';
  /** Ends the server and keeps its data; does nothing to an external one. */
  stop(): Promise<void>;
  /** Resolves with a sentence if the server ends without `stop`; stays pending otherwise, never rejects. */
  exited: Promise<string>;
};

/**
 * Gives a MongoDB: the one at `MONGODB_URL`; else MongoDB's own server, downloaded on first use; else, where
 * that cannot be had, DocumentDB from Debian's packages. Data stay with the server that wrote them. Throws one
 * sentence when there is none to be had.
 */
export async function startMongo(options: MongoStart): Promise<Mongo> {
  const { dataDir, cacheDir, progress, env } = options;
  if (env['MONGODB_URL']) return external(env['MONGODB_URL']);
  await makeCacheFolder(cacheDir);
  await makeServerFolder(dataDir);
  const folder = serverFolders(dataDir);
  const written = {
    mongod: await exists(join(folder.mongod, 'WiredTiger')),
    documentdb: await exists(join(folder.documentdb, 'postgres')),
  };
  const documentdb = async (): Promise<Mongo> => {
    const bin = await documentdbPrograms(cacheDir, progress);
    const { port, durable = true } = options;
    return {
      kind: 'documentdb',
      ...(await startDocumentdb({ folder: folder.documentdb, port, bin, durable })),
    };
  };
  const mongod = async (program: string): Promise<Mongo> => {
    const { port } = options;
    return {
      kind: 'mongod',
      ...(await runMongod({ name: 'MongoDB', program, folder: folder.mongod, port })),
    };
  };

  const chosen = Boolean(env['MONGOMS_SYSTEM_BINARY']); // mongodb-memory-server's name for an installed mongod
  if (written.documentdb && !chosen) return documentdb();
  const cached = await cachedMongod(cacheDir);
  if (cached) return mongod(cached);
  // Where DocumentDB is set up, the download was tried before and failed.
  if (!written.mongod && (await documentdbCached(cacheDir))) return documentdb();

  const download = await downloadedMongod(cacheDir, progress);
  if ('program' in download) return mongod(download.program);
  if (written.mongod)
    throw new Error(
      `The data in ${folder.mongod} need MongoDB's own server, which cannot be downloaded (${download.failure}): get online, or set MONGOMS_SYSTEM_BINARY to an installed mongod, or remove them.`,
    );
  try {
    await documentdbPrograms(cacheDir, progress);
  } catch (cause) {
    throw new Error(
      `There is no MongoDB: set MONGODB_URL to a running one, or MONGOMS_SYSTEM_BINARY to an installed mongod, or start where it can be downloaded (${download.failure}; DocumentDB in its place: ${errorMessage(cause)}).`,
      { cause },
    );
  }
  return documentdb();
}

async function external(url: string): Promise<Mongo> {
  await pingMongo(url);
  return { url, kind: 'external', stop: () => Promise.resolve(), exited: new Promise(() => {}) };
}
