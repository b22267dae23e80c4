import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '@polyglot-notes/service-kit';
import { openBoundedLog } from '../servers/bounded-log.ts';

// A service drains and closes within 16 seconds.
const stopMs = 20_000;
const readyMs = 60_000;
const pollMs = 50;
// As in a container with 512 MB. Without a limit, V8 lets garbage pile up to several times the size of what is in use.
const memoryFlags = ['--max-old-space-size=512', '--max-semi-space-size=16'];

export interface ServiceProcess {
  name: string;
  url: string;
  pid: number;
  /** Resolves with a sentence when the process has ended, with or without `stop`. */
  exited: Promise<string>;
  /** Resolves when the process is ready. Throws a StartError with its last output when it ends before. */
  ready(): Promise<void>;
  /** Stops the process and waits for its end; resolves with whether it ended in order. */
  stop(signal?: NodeJS.Signals): Promise<boolean>;
}

interface ServiceStart {
  name: string;
  /** The TypeScript file to run. */
  entry: string;
  url: string;
  env: Record<string, string>;
  logFile: string;
  /** The size from which the log is moved to the previous one. */
  maxLogBytes?: number;
}

/**
 * Runs a service as a process in a process group of its own, so that Ctrl-C reaches only this process, which decides
 * the order of stopping. When this process dies, its IPC channel closes and the service stops as well.
 */
export function startService({ name, entry, url, env, logFile, maxLogBytes }: ServiceStart): ServiceProcess {
  const log = openBoundedLog(logFile, maxLogBytes);
  const child = spawn(process.execPath, [...memoryFlags, entry], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', log.fd, 'pipe', 'ipc'],
    detached: true,
  });
  // Another server on the port could answer as well.
  let isListening = false;
  child.once('message', () => (isListening = true)).once('disconnect', () => (isListening = false));
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (words: string) => {
    log.write(words);
    lastWords = (lastWords + words).slice(-2_000);
  });
  const closed = once(child, 'close').then(([code, signal]: unknown[]) => {
    log.close();
    return {
      inOrder: code === 0,
      how: typeof signal === 'string' ? `was ended by ${signal}` : `ended with code ${String(code)}`,
    };
  });
  const exited = closed.then(
    ({ how }) => `${name} ${how}${lastWords.trim() && `: ${lastWords.trim()}`} (log: ${logFile})`,
  );

  return {
    name,
    url,
    pid: child.pid ?? 0,
    exited,
    async ready() {
      const givesUp = Date.now() + readyMs;
      while (!isListening || !(await isReady(url))) {
        const end = await Promise.race([exited, delay(pollMs, undefined)]);
        if (end !== undefined) throw new StartError(end);
        if (Date.now() > givesUp) throw new StartError(`${name} does not get ready (log: ${logFile}).`);
      }
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const killer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      const { inOrder } = await closed;
      clearTimeout(killer);
      return inOrder;
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
