import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from './free-ports.ts';

const fixture = fileURLToPath(new URL('lifecycle-fixture.ts', import.meta.url));
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), 'polyglot-notes-compile-cache') };
const children: ChildProcess[] = [];

/** Kills the processes that the functions below have started. */
export function killFixtures(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}

/** Runs the service for the tests of the lifecycle. */
export function runFixture(env: Record<string, string>) {
  const child = spawn(process.execPath, [fixture], {
    env: { ...compiled, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  let output = '';
  const words: { pattern: RegExp; heard: (match: RegExpExecArray) => void }[] = [];
  const hear = (chunk: Buffer) => {
    output += chunk.toString();
    for (const { pattern, heard } of words) {
      const match = pattern.exec(output);
      if (match) heard(match);
    }
  };
  const outputs = [child.stdout!, child.stderr!];
  for (const stream of outputs) stream.on('data', hear);
  const exited = once(child, 'exit') as Promise<[number | null]>;
  return {
    child,
    output: () => output,
    says: (pattern: RegExp) => new Promise<RegExpExecArray>((heard) => words.push({ pattern, heard })),
    /** The exit code, when all of the output has been read. */
    ended: Promise.all([exited, ...outputs.map((stream) => once(stream, 'close'))]).then(([[code]]) => code),
  };
}

/** Runs it on free ports until it listens. */
export async function runFixtureOnFreePort(env: Record<string, string> = {}) {
  const [port, metricsPort] = await freePorts(2);
  const service = runFixture({
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    NEEDED: 'yes',
    ...env,
  });
  await once(service.child, 'message');
  return {
    ...service,
    url: `http://127.0.0.1:${port}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
  };
}
