import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerUser } from './user.ts';

/**
 * Starts a database program under the given account, with its output to the open file `log` or, with
 * "pipe", its errors to `stderr`.
 */
export function spawnServer(
  program: string,
  args: string[],
  user: ServerUser | undefined,
  log: number | 'pipe',
): ChildProcess {
  return spawn(program, args, {
    ...user,
    cwd: '/',
    // Its own process group: Ctrl-C in a terminal does not reach it, and the caller decides the order.
    detached: true,
    // English messages, because the caller searches for some.
    env: { PATH: process.env['PATH'], TZ: process.env['TZ'], LC_ALL: 'C' },
    stdio: ['ignore', log === 'pipe' ? 'ignore' : log, log],
  });
}

/** Resolves with how the process ended, such as "exit code 1"; never rejects. */
export function untilEnd(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
}

/** Whether the event happens within the seconds; leaves no timer. */
export async function within(seconds: number, event: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(seconds * 1000, false, { signal: timer.signal }).catch(() => false);
  const result = await Promise.race([event.then(() => true), late]);
  timer.abort();
  return result;
}
