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
  /** False for tests: faster, but the data may not survive a power cut. */
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
 * Starts a MongoDB, or uses the one at `MONGODB_URL`. It is MongoDB's own server, downloaded on first use, or, where
 * that is not available, DocumentDB from Debian's packages. Data stay with the server that wrote them. Throws one
 * sentence when neither is available.
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
  // An installed DocumentDB means that the download has failed before.
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
