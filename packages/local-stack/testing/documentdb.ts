import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@polyglot-notes/service-kit/testing';
import { documentdbPrograms, startDocumentdb } from '../src/mongodb/documentdb.ts';
import { cacheDir, databaseFolder } from '../src/servers/state-folders.ts';

/** A DocumentDB of its own, whatever MongoDB this machine has; `stop` removes its data. */
export async function startTestDocumentdb() {
  const stateDir = await mkdtemp(join(await realpath(tmpdir()), 'polyglot-notes-documentdb-'));
  const dataDir = await databaseFolder(stateDir);
  const port = await freePort();
  const bin = await documentdbPrograms(cacheDir(process.env), console.log);
  const server = await startDocumentdb({ folder: join(dataDir, 'documentdb'), port, bin, durable: false });
  return {
    url: server.url,
    port,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true });
      await rm(stateDir, { recursive: true });
    },
  };
}
