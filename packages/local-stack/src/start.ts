// npm start: the whole system on this machine, until Ctrl-C or SIGTERM.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { StartError } from '@polyglot-notes/service-kit';
import { banner } from './system/banner.ts';
import { readEnvFile, settingNames } from './system/env-file.ts';
import { localSystem } from './system/local-system.ts';
import { ensureDemoUser, knownAdmin } from './system/local-users.ts';
import { lockState } from './system/lock.ts';
import { readSettings, remarksOn, type Settings } from './system/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const say = (line: string) => console.log(line);

async function run(settings: Settings): Promise<number> {
  const signalled = Promise.withResolvers<undefined>();
  let isSignalled = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isSignalled = true;
      signalled.resolve(undefined);
    });
  }

  const begin = performance.now();
  const system = localSystem(root, settings, say);
  let isUp = false;
  let hasFailed = false;
  try {
    const failed = system.failed.then((reason): never => {
      throw new StartError(reason);
    });
    const running = await Promise.race([system.start(), failed, signalled.promise]);
    if (running !== undefined) {
      isUp = true;
      // Not through the gateway, whose limit for logins is the user's.
      const authUrl = running.urls['auth-service'];
      const demo = await ensureDemoUser(settings.stateDir, authUrl);
      const users = { demo, admin: await knownAdmin(authUrl, settings) };
      say(banner(running, settings, users, ((performance.now() - begin) / 1000).toFixed(1)));
      await Promise.race([failed, signalled.promise]);
    }
  } catch (error) {
    // Ctrl-C may end a part a moment before its signal reaches this process.
    await delay(200);
    hasFailed = !isSignalled;
    if (hasFailed) console.error(sentence(error));
  }
  say('Stopping: the gateway, the services, then the databases');
  const inOrder = (await system.stop()) || !isUp;
  if (!inOrder && !hasFailed) console.error('A service did not stop in order; its log says why.');
  say('Stopped');
  return inOrder && !hasFailed ? 0 : 1;
}

// Errors of this program have messages for the user; an error of another class is a bug.
const sentence = (error: unknown) =>
  Error.isError(error) && ['Error', 'StartError'].includes(error.name) ? error.message : inspect(error);

try {
  const file = readEnvFile(join(root, '.env'));
  const documented = settingNames(readFileSync(join(root, '.env.example'), 'utf8'));
  for (const remark of remarksOn(file, process.env, documented)) say(remark);
  const settings = readSettings(root, { ...file, ...process.env });
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
