import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, endProcess } from '../servers/running-processes.ts';

/**
 * Stops a mongod or DocumentDB that an earlier, killed start left running on the data folder.
 * Only for a folder that no running start uses. Throws one sentence when the server cannot be stopped.
 */
export async function stopLeftoverMongod(folder: string): Promise<void> {
  // mongod writes its process id there and empties the file when it ends.
  const text = await readFile(join(folder, 'mongod.lock'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const pid = Number(text.trim());
  if (!Number.isInteger(pid) || pid <= 1 || !commandLine(pid).includes(folder)) return;
  await endProcess(pid, [
    ['SIGTERM', 60],
    ['SIGKILL', 5],
  ]);
}
