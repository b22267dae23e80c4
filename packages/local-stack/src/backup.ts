// npm run backup and npm run restore: the databases of the system that npm start runs here. A backup can be made while it
// runs. A restore needs it stopped, and ends with a reconciliation.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  carryOut,
  databasesOf,
  parseCommand,
  readBackupSettings,
  usage,
  type Given,
} from '@polyglot-notes/backup';
import { runCommand, StartError } from '@polyglot-notes/service-kit';
import { readEnvFile } from './system/env-file.ts';
import { databaseUrls, localSystem } from './system/local-system.ts';
import { isLocked, lockState } from './system/lock.ts';
import { servicesWithDatabase } from './system/migrate.ts';
import { runProgram } from './system/run-program.ts';
import { loadSecrets } from './system/secrets.ts';
import { readSettings, type Settings } from './system/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

await runCommand({ given: parseCommand(process.argv.slice(2)), usage, run });

async function run(given: Given): Promise<string> {
  const env = { ...readEnvFile(join(root, '.env')), ...process.env };
  const settings = readSettings(root, env);
  const { BACKUP_DIR, ...forBackup } = readBackupSettings({ ...env, ...given.settings });
  const carry = () =>
    carryOut(given, { ...forBackup, BACKUP_DIR: resolve(root, BACKUP_DIR) }, () => {
      const { databaseUrl, mongoUrl } = databaseUrls(settings, loadSecrets(settings.stateDir));
      return databasesOf({
        ...settings,
        NOTES_DATABASE_URL: databaseUrl,
        USER_MONGODB_URL: mongoUrl,
        AUTH_MONGODB_URL: mongoUrl,
      });
    });
  if (given.command === 'verify' || (given.command === 'backup' && isLocked(settings.stateDir)))
    return carry();
  return onOwnDatabases(settings, async (startServices) => {
    const result = await carry();
    if (given.command === 'restore') await reconcile(settings, startServices);
    return result;
  });
}

/**
 * Starts the databases for the work, and stops them afterwards. A signal interrupts the work and then ends the process.
 * Throws a StartError while the system runs.
 */
async function onOwnDatabases<Result>(
  settings: Settings,
  work: (startServices: (names: typeof servicesWithDatabase) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const interrupted = Promise.withResolvers<never>();
  let exitCode: number | undefined;
  function interrupt(signal: NodeJS.Signals, number: number): void {
    exitCode = 128 + number;
    interrupted.reject(new StartError(`Interrupted by ${signal}.`));
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  const unlock = lockState(settings.stateDir);
  const system = localSystem(root, settings, console.log);
  let hasFailed = false;
  try {
    const done = system.startDatabases().then(({ startServices }) => work(startServices));
    return await Promise.race([done, interrupted.promise]);
  } catch (error) {
    hasFailed = true;
    throw error;
  } finally {
    if (exitCode !== undefined) console.error('Interrupted: stopping the databases');
    await system.stop();
    unlock();
    // Ctrl-C may end a child, and with it the work, before its signal reaches this process.
    if (hasFailed && exitCode !== undefined) process.exit(exitCode);
  }
}

/** With the services alone: no client may write before the stores agree. */
async function reconcile(
  settings: Settings,
  startServices: (names: typeof servicesWithDatabase) => Promise<void>,
): Promise<void> {
  await startServices(servicesWithDatabase);
  const program = { service: 'user-service', file: 'reconcile.ts', args: ['--repair'] } as const;
  const code = await runProgram(program, { root, settings, secrets: loadSecrets(settings.stateDir) });
  if (code !== 0)
    throw new StartError(
      'The backup is restored, but the stores still differ about the accounts listed above.',
    );
}
