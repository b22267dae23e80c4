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

const folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-smoke-'));
try {
  await withSystems(async (startSystem) => {
    const starting = startSystem();
    const results = pathToFileURL(`${folder}/`);
    await Promise.all(
      Object.entries({ gateway, path, logins, connections, memory, accounts, workers }).map(
        ([name, { tryOut }]) => tryOut(name, () => starting, results),
      ),
    );
  });
} finally {
  await rm(folder, { recursive: true });
}
