// npm start: the whole system on this machine, until Ctrl-C or SIGTERM.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { StartError } from '@polyglot-notes/service-kit';
import { banner } from './banner.ts';
import { ensureDemoUser } from './demo-user.ts';
import { readEnvFile } from './env-file.ts';
import { localSystem } from './local-system.ts';
import { lockState } from './lock.ts';
import { readSettings, type Settings } from './settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const say = (line: string) => console.log(line);

async function run(settings: Settings): Promise<number> {
  const signalled = Promise.withResolvers<'stop'>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => signalled.resolve('stop'));

  const begin = performance.now();
  const system = localSystem(root, settings, say);
  let failure: string | undefined;
  try {
    const failed = system.failed.then((sentence): never => {
      throw new StartError(sentence);
    });
    const running = await Promise.race([system.start(), failed, signalled.promise]);
    if (running !== 'stop') {
      const demo = await ensureDemoUser(settings.stateDir, running.urls.gateway);
      say(banner(running, settings, demo, ((performance.now() - begin) / 1000).toFixed(1)));
      await Promise.race([failed, signalled.promise]);
    }
  } catch (error) {
    failure = sentence(error);
    console.error(failure);
  }
  say('Stopping: the gateway, the services, then the databases');
  const inOrder = await system.stop();
  if (!inOrder && failure === undefined) console.error('A service did not stop in order; its log says why.');
  say('Stopped');
  return failure === undefined && inOrder ? 0 : 1;
}

// What this program throws on purpose is written for its reader; the name of a subclass is the mark of a fault in it.
const sentence = (error: unknown) =>
  Error.isError(error) && ['Error', 'StartError'].includes(error.name) ? error.message : inspect(error);

try {
  const settings = readSettings(root, { ...readEnvFile(join(root, '.env')), ...process.env });
  const unlock = lockState(settings.stateDir);
  try {
    process.exitCode = await run(settings);
  } finally {
    unlock();
  }
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}
process.exit();
