import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError, errorCode } from '@polyglot-notes/service-kit';
import { commandLine, isAlive } from '../servers/running-processes.ts';

/**
 * Makes this process the only one that runs the system in `stateDir` and returns what gives that up. A lock whose
 * process is gone does not count. Throws a StartError when another process holds it.
 */
export function lockState(stateDir: string): () => void {
  const path = join(stateDir, 'pid');
  mkdirSync(stateDir, { recursive: true });
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const holder = Number(readFileSync(path, 'utf8'));
    if (Number.isInteger(holder) && holder > 1 && runsThisProgram(holder)) {
      throw new StartError(
        `It is running already, as process ${holder}: stop that one first (Ctrl-C, or kill ${holder}).`,
      );
    }
    rmSync(path, { force: true });
  }
}

// The number of a process that is gone may be another program's by now.
const runsThisProgram = (pid: number) =>
  pid !== process.pid && isAlive(pid) && commandLine(pid).includes('local-stack');
