import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts a database in a process of its own and kills that process with -9 when the database runs. */
export async function killedStart(
  kind: 'postgres' | 'documentdb',
  folder: string,
  port: number,
): Promise<void> {
  const program = fileURLToPath(new URL('./start-and-wait.ts', import.meta.url));
  const child = spawn(process.execPath, [program, kind, folder, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await Promise.race([once(child.stdout, 'data'), failed(once(child, 'exit'))]);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function failed(exit: Promise<unknown>): Promise<never> {
  await exit;
  throw new Error('The start to kill ended by itself.');
}
