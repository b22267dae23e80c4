import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'pg';
import { startPostgresServer } from '../postgres-server.ts';
import { serverUser } from '../server-user.ts';
import { type Storage, storageOn } from './storage.ts';

export type Engine = { storage: Storage; stop(): Promise<void>; exited: Promise<string> };

const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '60',
  max_worker_processes: '16',
  shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb',
  'cron.database_name': 'postgres',
  // Jobs, such as the removal of expired documents, in the server itself: no connection, so no TCP.
  'cron.use_background_workers': 'on',
  'cron.log_run': 'off',
  'cron.log_statement': 'off',
  'documentdb.enableBackgroundWorkerJobs': 'off',
  // Cursors in files belong to no connection; they live as long as the gateway remembers them.
  'documentdb.useFileBasedPersistedCursors': 'on',
  'documentdb.defaultCursorExpiryTimeLimitSeconds': '600',
};

/**
 * Starts PostgreSQL with DocumentDB on `<folder>/postgres`; `bin` holds its programs. It is reached by a socket
 * in a private folder only. Throws one sentence on failure.
 */
export async function startEngine(folder: string, bin: string, durable: boolean): Promise<Engine> {
  const note = join(folder, 'socket-folder');
  await removeNoted(note);
  // In /tmp, because the path of a socket may have 107 bytes only.
  const sockets = await mkdtemp('/tmp/polyglot-notes-');
  await writeFile(note, sockets);
  const user = serverUser();
  if (user) await chown(sockets, user.uid, user.gid);
  const server = await startPostgresServer({
    name: 'DocumentDB',
    bin,
    dataDir: join(folder, 'postgres'),
    port: 5432,
    initdb: ['--auth-local=trust', '--auth-host=reject'],
    settings: {
      ...settings,
      unix_socket_directories: sockets,
      deadlock_timeout: '20ms', // unique indexes deadlock under a race; the write is then tried again
      'documentdb.localhost_connection_string': `host=${sockets}`, // for what it does in a session of its own
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
  pool.on('error', () => {}); // an idle connection broke: `exited` tells why, if it matters
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
  // After a newer package came into the cache the catalogue must follow it; otherwise this does nothing.
  await pool.query('alter extension documentdb_core update');
  await pool.query('alter extension documentdb update');
  // The gateway builds indexes at once; these would look for waiting ones every two seconds.
  await pool.query(
    `select cron.unschedule(jobid) from cron.job where command like '%build_index_concurrently%'`,
  );
}

async function removeNoted(note: string): Promise<void> {
  const sockets = await readFile(note, 'utf8').catch(() => ''); // no note, nothing left behind
  if (sockets.startsWith('/tmp/polyglot-notes-')) await rm(sockets, { recursive: true, force: true });
  await rm(note, { force: true });
}
