import { errorMessage } from '@polyglot-notes/service-kit';
import { MongoInstance } from 'mongodb-memory-server-core';
import { MongoInstanceEvents } from 'mongodb-memory-server-core/lib/util/MongoInstance.js';
import { stopLeftoverMongod } from './leftover.ts';
import { makeServerFolder } from '../servers/folder.ts';

export type MongodOptions = {
  /** How messages call this server. */
  name: string;
  /** An executable that takes mongod's options. */
  program: string;
  /** The version the program answers to `--version`, unless it is the one mongodb-memory-server expects. */
  version?: string;
  folder: string;
  port: number;
};

export type MongodProcess = {
  url: string;
  stop(): Promise<void>;
  exited: Promise<string>;
};

/**
 * Runs mongod, or a program with its options, on 127.0.0.1 with its data in the folder, which `stop`
 * keeps. First stops a server that a killed start left running. Throws one sentence on failure.
 */
export async function runMongod({
  name,
  program,
  version,
  folder,
  port,
}: MongodOptions): Promise<MongodProcess> {
  await stopLeftoverMongod(folder);
  await makeServerFolder(folder);
  // Not MongoMemoryServer, which wraps this class, because it prints failures with their stacks and may delete data.
  const instance = new MongoInstance({
    instance: { port, dbPath: folder, ip: '127.0.0.1', storageEngine: 'wiredTiger', launchTimeout: 120_000 },
    binary: { systemBinary: program, ...(version && { version }) },
    // Ctrl-C in a terminal must not reach it: `stop` decides the order.
    spawn: { detached: true },
  });
  let lastError = '';
  instance.on(
    MongoInstanceEvents.instanceSTDOUT,
    (output: string) => (lastError = errorIn(output) ?? lastError),
  );
  let stopping = false;
  const exited = new Promise<string>((resolve) => {
    instance.on(MongoInstanceEvents.instanceClosed, (code: number | null, signal: string | null) => {
      const how = signal ? `signal ${signal}` : `exit code ${code}`;
      if (!stopping)
        resolve(`${name} ended by itself (${how})${lastError && `: ${lastError}`}.`.replace('..', '.'));
    });
  });
  try {
    await instance.start();
  } catch (cause) {
    const message = errorMessage(cause);
    if (message.includes('already in use'))
      throw new Error(
        `${name} cannot listen on port ${port} because another program does: stop that one or choose another port.`,
        { cause },
      );
    throw new Error(`${name} does not start: ${lastError || message}`, { cause });
  }
  return {
    url: `mongodb://127.0.0.1:${port}`,
    exited,
    async stop() {
      stopping = true;
      await instance.stop();
    },
  };
}

// mongod writes one JSON object a line; those with severity E or F contain the reason.
function errorIn(output: string): string | undefined {
  for (const line of output.split('\n').toReversed()) {
    const [, error] = /"s":"[EF]".*"error":("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
    if (error) return String(JSON.parse(error));
  }
  return undefined;
}
