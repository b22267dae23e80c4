import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf } from '../caught.ts';
import { startEngine } from './engine.ts';
import { serveGateway } from './gateway.ts';

export type ServerOptions = { host: string; port: number; folder: string; bin: string; durable: boolean };

/**
 * Runs DocumentDB behind MongoDB's protocol until a signal asks for the end or the storage dies, reporting as
 * mongod does, in JSON lines. Sets the exit code: 0 after a signal, 1 with an error line otherwise.
 */
export async function runServer(options: ServerOptions): Promise<void> {
  const asked = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(undefined));
  });
  const lock = join(options.folder, 'mongod.lock'); // mongod's own name for it, with the process id
  try {
    await writeFile(lock, String(process.pid));
    const engine = await startEngine(options.folder, options.bin, options.durable);
    try {
      const gateway = await serveGateway(engine.storage, options, (error) => say('W', text(error)));
      say('I', 'Waiting for connections', { port: gateway.port, ssl: 'off' });
      const died = await Promise.race([asked, engine.exited]);
      await gateway.close();
      if (died) throw new Error(died);
    } finally {
      await engine.stop();
    }
  } catch (error) {
    say('F', 'The server ends because of an error', { error: text(error) });
    process.exitCode = 1;
  } finally {
    await rm(lock, { force: true });
  }
  process.exit(); // connections of a stopping pool may still hold timers
}

function say(severity: 'I' | 'W' | 'F', msg: string, attr?: Record<string, unknown>): void {
  console.log(
    JSON.stringify({ t: { $date: new Date().toISOString() }, s: severity, c: 'NETWORK', msg, attr }),
  );
}

function text(error: unknown): string {
  if (codeOf(error) === 'EADDRINUSE') return 'Address already in use';
  return messageOf(error);
}
