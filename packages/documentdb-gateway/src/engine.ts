import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'pg';
import { type Storage, storageOn } from './storage.ts';

export type Engine = { storage: Storage; stop(): Promise<void>; exited: Promise<string> };

/** Runs PostgreSQL servers on this host. */
export interface PostgresHost {
  /** The account that the servers run as; undefined for the caller's own. */
  account: { uid: number; gid: number } | undefined;
  /** Starts a server on `dataDir`; `exited` resolves with a sentence when it ends without `stop`. */
  start(options: {
    name: string;
    bin: string;
    dataDir: string;
    port: number;
    initdb: string[];
    settings: Record<string, string>;
    durable: boolean;
  }): Promise<{ stop(): Promise<void>; exited: Promise<string> }>;
}

export interface EngineOptions {
  folder: string;
  /** The folder with `initdb` and `postgres`. */
  bin: string;
  durable: boolean;
  postgres: PostgresHost;
}

const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '60',
  max_worker_processes: '16',
  shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb',
  'cron.database_name': 'postgres',
  // Jobs, such as the removal of expired documents, run inside the server: without a connection, so without TCP.
  'cron.use_background_workers': 'on',
  'cron.log_run': 'off',
  'cron.log_statement': 'off',
  'documentdb.enableBackgroundWorkerJobs': 'off',
  // Cursors in files belong to no connection; they live as long as the gateway remembers them.
  'documentdb.useFileBasedPersistedCursors': 'on',
  'documentdb.defaultCursorExpiryTimeLimitSeconds': '600',
  deadlock_timeout: '20ms', // unique indexes deadlock under a race; the write is then retried
};

/**
 * Starts PostgreSQL with DocumentDB on `<folder>/postgres`. It is reachable only by a socket in a private folder. Throws
 * one sentence on failure.
 */
export async function startEngine({ folder, bin, durable, postgres }: EngineOptions): Promise<Engine> {
  const note = join(folder, 'socket-folder');
  await removeNoted(note);
  // In /tmp, because the path of a socket has at most 107 bytes.
  const sockets = await mkdtemp('/tmp/polyglot-notes-');
  await writeFile(note, sockets);
  if (postgres.account) await chown(sockets, postgres.account.uid, postgres.account.gid);
  const server = await postgres.start({
    name: 'DocumentDB',
    bin,
    dataDir: join(folder, 'postgres'),
    port: 5432,
    initdb: ['--auth-local=trust', '--auth-host=reject'],
    settings: {
      ...settings,
      unix_socket_directories: sockets,
      // DocumentDB opens sessions of its own.
      'documentdb.localhost_connection_string': `host=${sockets}`,
    },
    durable,
  });
  const pool = new Pool({
    host: sockets,
    user: 'postgres',
    database: 'postgres',
    max: 32,
    idleTimeoutMillis: 300_000,
  });
  pool.on('error', () => {}); // an idle connection broke; `exited` tells why
  const stop = async () => {
    await server.stop();
    await pool.end();
    await removeNoted(note);
  };
  try {
    await install(pool);
  } catch (error) {
    await stop();
    throw error;
  }
  return { storage: storageOn(pool), exited: server.exited, stop };
}

async function install(pool: Pool): Promise<void> {
  await pool.query('create extension if not exists documentdb cascade');
  // Updates the catalogue after a newer package was installed; otherwise this does nothing.
  await pool.query('alter extension documentdb_core update');
  await pool.query('alter extension documentdb update');
  // The gateway builds indexes at once; these jobs would look for pending ones every two seconds.
  await pool.query(
    `select cron.unschedule(jobid) from cron.job where command like '%build_index_concurrently%'`,
  );
}

async function removeNoted(note: string): Promise<void> {
  const sockets = await readFile(note, 'utf8').catch(() => ''); // without a note there is nothing to remove
  if (sockets.startsWith('/tmp/polyglot-notes-')) await rm(sockets, { recursive: true, force: true });
  await rm(note, { force: true });
}
