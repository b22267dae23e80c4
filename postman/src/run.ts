// npm run postman: runs the collection with newman against a running system.
import { fileURLToPath } from 'node:url';
import { StartError } from '@polyglot-notes/service-kit';
import newman from 'newman';
import { readTarget, type Target } from './target.ts';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Throws a StartError when nothing answers; otherwise every request would fail. */
async function mustAnswer(url: string): Promise<void> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(10_000) });
  } catch (cause) {
    throw new StartError(`Nothing answers at ${url}: start the system, or set BASE_URL.`, { cause });
  }
}

/** Whether all tests of the collection passed. */
function run(target: Target): Promise<boolean> {
  const options: newman.NewmanRunOptions = {
    collection: pathOf('../polyglot-notes.postman_collection.json'),
    environment: pathOf('../local.postman_environment.json'),
    envVar: Object.entries(target).map(([key, value]) => ({ key, value })),
    reporters: 'cli',
    timeoutRequest: 30_000,
  };
  return new Promise((resolve, reject) => {
    newman.run(options, (error, summary) => {
      if (error) reject(error);
      else resolve(summary.run.failures.length === 0);
    });
  });
}

try {
  const target = readTarget(pathOf('../..'), process.env);
  await mustAnswer(target.baseUrl);
  process.exitCode = (await run(target)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
