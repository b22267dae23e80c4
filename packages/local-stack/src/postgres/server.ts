import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '@polyglot-notes/service-kit';
import { openBoundedLog } from '../servers/bounded-log.ts';
import { exists } from '../servers/exists.ts';
import { lastWords } from '../servers/last-words.ts';
import { initializePostgres } from './initdb.ts';
import type { PostgresOptions } from './options.ts';
import { postmasterFile, stopLeftoverPostgres } from './leftover.ts';
import { makeServerFolder } from '../servers/folder.ts';
import { spawnServer, untilEnd, within } from '../servers/process.ts';
import { type ServerUser, serverUser } from '../servers/user.ts';

export type PostgresServer = {
  /** Fast shutdown: ends the sessions and resolves when the process has ended. */
  stop(): Promise<void>;
  /** Resolves with a sentence if the server ends without `stop`; stays pending otherwise, never rejects. */
  exited: Promise<string>;
};

/**
 * Starts PostgreSQL on the data folder, which it creates on first use, and resolves when it accepts connections.
 * First stops a server that an earlier, killed start left running there. Throws one sentence on failure.
 */
export async function startPostgresServer(options: PostgresOptions): Promise<PostgresServer> {
  const user = serverUser();
  await stopLeftoverPostgres(options.dataDir);
  if (!(await exists(join(options.dataDir, 'PG_VERSION')))) await initializePostgres(options, user);
  await makeServerFolder(options.dataDir);
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(options, user);
    } catch (error) {
      // Sessions of a killed server take a moment to end.
      if (!errorMessage(error).includes('shared memory block') || attempt === 40) throw error;
      await sleep(250);
    }
  }
}

async function launch(options: PostgresOptions, user: ServerUser | undefined): Promise<PostgresServer> {
  const { name, dataDir } = options;
  const settings = {
    port: String(options.port),
    jit: 'off',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  };
  const logPath = `${dataDir}.log`;
  const log = openBoundedLog(logPath);
  const args = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const child = spawnServer(join(options.bin, 'postgres'), ['-D', dataDir, ...args], user, log.fd);
  const ended = untilEnd(child);
  void ended.then(() => log.close());
  let stopping = false;
  let gone = false;
  void ended.then(() => (gone = true));
  const exited = new Promise<string>((resolve) => {
    void (async () => {
      const how = await ended;
      if (!stopping) resolve(`${name} ended by itself (${how}); its log is ${logPath}.`);
    })();
  });
  if (!(await Promise.race([ready(dataDir, child), ended.then(() => false)])))
    throw new Error(await whyNot(name, options.port, logPath, await ended));
  return {
    async stop() {
      stopping = true;
      for (const [signal, seconds] of [
        ['SIGINT', 30],
        ['SIGQUIT', 10],
        ['SIGKILL', 5],
      ] as const) {
        if (!gone) child.kill(signal);
        if (await within(seconds, ended)) return;
      }
      throw new Error(`${name} (process ${child.pid}) does not end: end it by hand.`);
    },
    exited,
  };
}

// Like pg_ctl, reads from postmaster.pid whether the server accepts connections.
async function ready(dataDir: string, child: ChildProcess): Promise<boolean> {
  while (child.pid && child.exitCode === null && child.signalCode === null) {
    const noted = await postmasterFile(dataDir);
    if (noted?.pid === child.pid && noted?.ready) return true;
    await sleep(20);
  }
  return false;
}

async function whyNot(name: string, port: number, logPath: string, how: string): Promise<string> {
  const log = await readFile(logPath, 'utf8');
  if (/could not bind.*(in use|denied)/i.test(log))
    return `${name} cannot listen on port ${port} because another program does: stop that one or choose another port.`;
  return `${name} does not start (${how}): ${await lastWords(logPath)} Its log is ${logPath}.`;
}
