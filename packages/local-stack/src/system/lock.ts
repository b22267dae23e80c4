import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError, errorCode } from '@polyglot-notes/service-kit';
import { commandLine, isAlive } from '../servers/running-processes.ts';

/**
 * Locks `stateDir` for this process and returns a function to unlock it. Ignores a lock whose
 * process has ended. Throws a StartError when another process holds the lock. Locks by different files are independent.
 */
export function lockState(stateDir: string, file = 'pid'): () => void {
  const path = join(stateDir, file);
  mkdirSync(stateDir, { recursive: true });
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const holder = lockHolder(stateDir, file);
    if (holder !== undefined) {
      throw new StartError(
        `It is running already, as process ${holder}: stop that one first (Ctrl-C, or kill ${holder}).`,
      );
    }
    rmSync(path, { force: true });
  }
}

/** The process that has locked `stateDir`, if it still runs. */
export function lockHolder(stateDir: string, file = 'pid'): number | undefined {
  const path = join(stateDir, file);
  if (!existsSync(path)) return undefined;
  const holder = Number(readFileSync(path, 'utf8'));
  return Number.isInteger(holder) && holder > 1 && runsThisProgram(holder) ? holder : undefined;
}

// The id of an ended process may belong to another program.
const runsThisProgram = (pid: number) =>
  pid !== process.pid && isAlive(pid) && commandLine(pid).includes('local-stack');
