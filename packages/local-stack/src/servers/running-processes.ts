import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '@polyglot-notes/service-kit';

/** Whether a process with the id runs, of any user. */
export function isAlive(pid: number): boolean {
  return isTaken(pid) && (process.platform !== 'linux' || !/^State:\s+Z/m.test(read(`/proc/${pid}/status`)));
}

/** Whether the id is in use, even by a zombie. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** The command line of a process, its words separated by spaces; empty when there is no such process. */
export function commandLine(pid: number): string {
  // Linux images often lack ps; macOS has no /proc.
  if (process.platform === 'linux') return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return ''; // ps answers an unknown id with a failure
  }
}

/**
 * Ends a process that is not a child of this one: sends one signal after another, waits its seconds after each, and returns
 * when the process has ended. Throws one sentence when it survives all signals.
 */
export async function endProcess(pid: number, signals: [NodeJS.Signals, seconds: number][]): Promise<void> {
  for (const [signal, seconds] of signals) {
    if (!isAlive(pid)) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (errorCode(error) === 'ESRCH') return;
      throw new Error(
        `Process ${pid} is left from an earlier start and belongs to another user: end it first.`,
        {
          cause: error,
        },
      );
    }
    const deadline = Date.now() + seconds * 1000;
    while (isAlive(pid) && Date.now() < deadline) await sleep(20);
  }
  if (isAlive(pid))
    throw new Error(`Process ${pid} is left from an earlier start and does not end: end it first.`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has just ended
  }
}
