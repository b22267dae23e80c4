// npm run bench -- smoke: runs measurements with their smallest options, all at once on one system, to see that they work.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withSystems } from './measuring/measurement.ts';
import { measurement as accounts } from './accounts/main.ts';
import { measurement as connections } from './connections.ts';
import { measurement as gateway } from './gateway/main.ts';
import { measurement as logins } from './logins/main.ts';
import { measurement as memory } from './memory.ts';
import { measurement as path } from './path/main.ts';
import { measurement as workers } from './workers.ts';

const measurements = { gateway, path, logins, connections, accounts, memory, workers };

const folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-smoke-'));
try {
  await withSystems(async (startSystem) => {
    const starting = startSystem();
    const results = pathToFileURL(`${folder}/`);
    const outcomes = await Promise.allSettled(
      Object.entries(measurements).map(([name, { tryOut }]) => tryOut(name, () => starting, results)),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  });
} finally {
  await rm(folder, { recursive: true });
}
