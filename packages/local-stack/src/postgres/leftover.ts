import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, endProcess, isAlive, isTaken } from '../servers/running-processes.ts';

/**
 * Stops a PostgreSQL that an earlier, killed start left running on the data folder. Only for a folder that no
 * running start uses. Throws one sentence when the server cannot be stopped.
 */
export async function stopLeftoverPostgres(dataDir: string): Promise<void> {
  const pid = (await postmasterFile(dataDir))?.pid;
  if (!pid) return;
  // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one.
  if (commandLine(pid).includes(dataDir))
    await endProcess(pid, [
      ['SIGINT', 30],
      ['SIGQUIT', 10],
      ['SIGKILL', 5],
    ]);
  // A server that shuts down removes its postmaster.pid. That of a killed server blocks a start while its process id is in
  // use, by another program or by a zombie, because PostgreSQL takes that process for the server.
  for (let waited = 0; waited < 2000 && isDead(pid) && (await postmasterFile(dataDir)); waited += 20)
    await sleep(20);
  if (isTaken(pid)) await rm(join(dataDir, 'postmaster.pid'), { force: true });
}

const isDead = (pid: number) => isTaken(pid) && !isAlive(pid);

/** The process id and readiness in the server's postmaster.pid; undefined when there is no file. */
export async function postmasterFile(dataDir: string): Promise<{ pid: number; ready: boolean } | undefined> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
}
