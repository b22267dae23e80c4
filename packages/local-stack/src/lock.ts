import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, StartError } from '@polyglot-notes/service-kit';

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
    if (runsThisProgram(holder)) {
      throw new StartError(
        `It is running already, as process ${holder}: stop that one first (Ctrl-C, or kill ${holder}).`,
      );
    }
    rmSync(path, { force: true });
  }
}

function runsThisProgram(pid: number): boolean {
  if (pid === process.pid || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  // The number may be another program's by now; where /proc does not say, it counts as ours.
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('local-stack');
  } catch {
    return true;
  }
}
