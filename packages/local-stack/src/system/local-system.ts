import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '@polyglot-notes/service-kit';
import { stopLeftovers } from './leftovers.ts';
import { localAdmin } from './local-users.ts';
import { startMail } from '../mail/mail-catcher.ts';
import { migrateDatabases, servicesWithDatabase } from './migrate.ts';
import { startMongo } from '../mongodb/mongodb.ts';
import { createParts, type Parts } from './parts.ts';
import { checkPorts } from './ports.ts';
import { ensureDatabase } from '../postgres/databases.ts';
import { postgresUrl, startPostgres } from '../postgres/postgres.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { serviceNames, wireServices, type ServiceName } from './services.ts';
import type { Settings } from './settings.ts';
import { cacheDir, databaseFolder, serverFolders } from '../servers/state-folders.ts';

const notesDatabase = 'micro-notes-db';

export interface LocalSystem {
  urls: ReturnType<typeof wireServices>['urls'];
  mongo: { url: string; kind: string };
  databaseUrl: string;
  logDir: string;
}

/** The URLs of the databases of a system that runs. */
export const databaseUrls = (settings: Settings, { POSTGRES_PASSWORD }: Secrets) => ({
  mongoUrl: settings.MONGODB_URL ?? `mongodb://127.0.0.1:${settings.MONGODB_PORT}`,
  databaseUrl: postgresUrl({ port: settings.POSTGRES_PORT, password: POSTGRES_PASSWORD }, notesDatabase),
});

type Start = { root: string; settings: Settings; progress: (line: string) => void; parts: Parts };

/**
 * The whole system on this machine. `start` starts its parts in order; `stop` stops the started parts in reverse, even after
 * a start that failed half way, and returns whether every service ended in order.
 */
export function localSystem(root: string, settings: Settings, progress: (line: string) => void) {
  const parts = createParts();
  let starting: Promise<unknown> = Promise.resolve();
  const begin = { root, settings: withCompileCache(settings), progress, parts };

  function tracked<Result>(up: Promise<Result>): Promise<Result> {
    starting = up.catch(() => {});
    return up;
  }

  return {
    /** Resolves with a sentence when a part ends without `stop`. */
    failed: parts.failed,

    start: (): Promise<LocalSystem> => tracked(bringUp(begin)),

    /** Starts everything but the services, which `startServices` of the result starts. */
    startDatabases: () => tracked(bringUpDatabases(begin)),

    async stop(): Promise<boolean> {
      const inOrder = await parts.stop();
      // A start in progress may have started one more part.
      await starting;
      return (await parts.stop()) && inOrder;
    },
  };
}

async function bringUp(start: Start): Promise<LocalSystem> {
  const { startServices, ...system } = await bringUpDatabases(start);
  await startServices(serviceNames);
  return system;
}

async function bringUpDatabases(start: Start) {
  const { root, settings, progress, parts } = start;
  const { stateDir } = settings;
  const logDir = join(stateDir, 'logs');
  await mkdir(logDir, { recursive: true });
  const secrets = loadSecrets(stateDir);
  const dataDir = await databaseFolder(stateDir);
  await stopLeftovers(dataDir);
  await checkPorts(settings);

  const stopMail = await startMail({
    smtpPort: settings.SMTP_PORT,
    webPort: settings.MAIL_PORT,
    webHost: settings.HOST,
    folder: join(stateDir, 'mail'),
  });
  parts.add({ stop: stopMail });
  progress('Starting the databases');
  const { postgres, mongo } = await startDatabases(start, dataDir, secrets.POSTGRES_PASSWORD);
  const databaseUrl = await ensureDatabase(postgres.url, notesDatabase);
  const services = wireServices({
    root,
    settings,
    secrets,
    mongoUrl: mongo.url,
    databaseUrl,
    smtpUrl: `smtp://127.0.0.1:${settings.SMTP_PORT}`,
    admin: localAdmin(settings),
    logDir,
  });
  return {
    urls: services.urls,
    mongo,
    databaseUrl,
    logDir,

    startServices: async (names: readonly ServiceName[]): Promise<void> => {
      await migrateDatabases(root, servicesWithDatabase, services.environmentOf);
      if (parts.isStopping()) throw new StartError('Stopped before the services were started.');
      progress('Starting the services');
      const processes = names.map(services.start);
      for (const service of processes) parts.add(service);
      await Promise.all(processes.map((service) => service.ready()));
    },
  };
}

/** Services that keep their compiled code start in half the time. */
function withCompileCache(settings: Settings): Settings {
  const NODE_COMPILE_CACHE = join(settings.stateDir, 'compiled');
  return { ...settings, forServices: { ...settings.forServices, NODE_COMPILE_CACHE } };
}

async function startDatabases({ settings, progress, parts }: Start, dataDir: string, password: string) {
  const cache = cacheDir({ ...process.env, LOCAL_CACHE_DIR: settings.LOCAL_CACHE_DIR });
  const common = { cacheDir: cache, progress };
  const postgres = await startPostgres({
    ...common,
    dataDir: serverFolders(dataDir).postgres,
    port: settings.POSTGRES_PORT,
    password,
  });
  parts.add(postgres);
  const mongo = await startMongo({
    ...common,
    dataDir,
    port: settings.MONGODB_PORT,
    env: { MONGODB_URL: settings.MONGODB_URL },
  });
  parts.add(mongo);
  return { postgres, mongo };
}
