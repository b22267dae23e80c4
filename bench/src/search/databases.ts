import { cloneDatabase, startNotesOn, type TestSystem } from '@polyglot-notes/local-stack/testing';
import pg from 'pg';
import type { PoolNote } from './pool.ts';
import { removePartitions, seedNotes, type Owner } from './seed.ts';

/** A database of notes with a notes-service and a gateway of its own. */
export interface Database {
  total: number;
  isPartitioned: boolean;
  client: pg.Client;
  /** The address of the list of notes at its gateway. */
  list: string;
  stop(): Promise<void>;
}

interface Options {
  templateUrl: string;
  pool: PoolNote[];
  measured: Owner[];
  total: number;
  isPartitioned: boolean;
}

/** Creates a migrated database with `total` notes, and starts a notes-service and a gateway on it. */
export async function createDatabase(
  system: TestSystem,
  { templateUrl, total, isPartitioned, ...seed }: Options,
): Promise<Database> {
  const began = performance.now();
  const name = `notes_${total}_${isPartitioned ? 'partitioned' : 'flat'}`;
  const url = await cloneDatabase(templateUrl, name);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  if (!isPartitioned) await removePartitions(client);
  await seedNotes(client, { ...seed, total });
  const service = await startNotesOn(system, url);
  console.log(`${name}: filled and started in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  return {
    total,
    isPartitioned,
    client,
    list: `${service.url}/api/notes`,
    async stop() {
      await service.stop();
      await client.end();
    },
  };
}
