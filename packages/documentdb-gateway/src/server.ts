import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine, type EngineOptions } from './engine.ts';
import { serveGateway } from './gateway.ts';

export interface ServerOptions extends EngineOptions {
  host: string;
  port: number;
}

/**
 * Runs DocumentDB behind MongoDB's protocol until a signal ends it or the storage dies, and reports like mongod, in JSON
 * lines. Sets the exit code: 0 after a signal, 1 with an error line otherwise.
 */
export async function runServer(options: ServerOptions): Promise<void> {
  const signalled = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(undefined));
  });
  const lock = join(options.folder, 'mongod.lock'); // mongod's name for it, with the process id
  try {
    await writeFile(lock, String(process.pid));
    const engine = await startEngine(options);
    try {
      const gateway = await serveGateway(engine.storage, options, (error) => log('W', text(error)));
      log('I', 'Waiting for connections', { port: gateway.port, ssl: 'off' });
      const died = await Promise.race([signalled, engine.exited]);
      await gateway.close();
      if (died) throw new Error(died);
    } finally {
      await engine.stop();
    }
  } catch (error) {
    log('F', 'The server ends because of an error', { error: text(error) });
    process.exitCode = 1;
  } finally {
    await rm(lock, { force: true });
  }
  process.exit(); // connections of a stopping pool may still hold timers
}

function log(severity: 'I' | 'W' | 'F', msg: string, attr?: Record<string, unknown>): void {
  console.log(
    JSON.stringify({ t: { $date: new Date().toISOString() }, s: severity, c: 'NETWORK', msg, attr }),
  );
}

function text(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  return 'code' in error && error.code === 'EADDRINUSE' ? 'Address already in use' : error.message;
}
