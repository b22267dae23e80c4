import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@polyglot-notes/service-kit/testing';

export interface Program {
  url: string;
  /** The processes whose time counts. */
  pids: readonly number[];
  stop(): Promise<void>;
}

const attempts = 200;
// As in the images.
const flags = ['--max-semi-space-size=16'];

/** Waits until something answers at `url`. */
export async function untilAnswered(url: string): Promise<void> {
  for (let left = attempts; ; left--) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await delay(50);
    }
  }
}

/** Starts a program with its own PORT, and with as much memory for new objects as a service; its log is written to nowhere. */
export async function startProgram(file: string, environment: Record<string, string>): Promise<Program> {
  const port = await freePort();
  const log = openSync(devNull, 'w');
  const child = spawn(process.execPath, [...flags, file], {
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      NODE_ENV: 'production',
      PORT: String(port),
      ...environment,
    },
    stdio: ['ignore', log, 'inherit'],
  });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([untilAnswered(url), exited.then(() => Promise.reject(new Error(`${file} has ended`)))]);
  return {
    url,
    pids: [child.pid!],
    async stop() {
      child.kill();
      await exited;
    },
  };
}
