import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '@polyglot-notes/service-kit';
import { commandLine, isAlive } from '../servers/running-processes.ts';

/**
 * Locks `stateDir` for this process and returns a function to unlock it. Throws a StartError when another process holds the
 * lock. Locks by different files are independent.
 */
export function lockState(stateDir: string, file = 'pid'): () => void {
  const path = join(stateDir, file);
  mkdirSync(stateDir, { recursive: true });
  const release = takeLock(stateDir, file);
  if (release === undefined) {
    const holder = holderOf(stateDir, file);
    throw new StartError(
      holder === ''
        ? 'It is running already, or starts or stops now: stop that one first.'
        : `It is running already, as process ${holder}: stop that one first (Ctrl-C, or kill ${holder}).`,
    );
  }
  writeFileSync(path, String(process.pid));
  return () => {
    rmSync(path, { force: true });
    release();
  };
}

/** The id of the process that holds a lock, or that was killed while it held it; empty when there is none. */
export function holderOf(stateDir: string, file = 'pid'): string {
  const path = join(stateDir, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Whether a process has locked `stateDir`. */
export function isLocked(stateDir: string): boolean {
  mkdirSync(stateDir, { recursive: true });
  const release = takeLock(stateDir, 'pid');
  release?.();
  return release === undefined;
}

/**
 * Takes the lock of `file`, and returns a function to release it; undefined when another process has it. Node has no file
 * locks of its own, but SQLite has them. The operating system releases the lock of a process that ends, even by kill -9.
 */
function takeLock(stateDir: string, file: string): (() => void) | undefined {
  const path = join(stateDir, `${file}.lock`);
  if (!existsSync(path) && isOfVersionBefore(Number(holderOf(stateDir, file)))) return undefined;
  // `isLocked` in another process has the lock for a moment.
  const database = new DatabaseSync(path, { timeout: 200 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** Whether a process with this id runs and may be of version 0.2.0, which wrote its id alone. */
const isOfVersionBefore = (pid: number) =>
  pid > 1 && pid !== process.pid && isAlive(pid) && commandLine(pid).includes('local-stack');

/** SQLITE_BUSY. */
const isBusy = (error: unknown) => Error.isError(error) && 'errcode' in error && error.errcode === 5;
