import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '@polyglot-notes/service-kit';
import { stopLeftovers } from './leftovers.ts';
import { localAdmin } from './local-users.ts';
import { startMail } from '../mail/mail-catcher.ts';
import { migrateDatabases, servicesWithDatabase } from './migrate.ts';
import { startMongo } from '../mongodb/mongodb.ts';
import { checkPorts } from './ports.ts';
import { ensureDatabase } from '../postgres/databases.ts';
import { startPostgres } from '../postgres/postgres.ts';
import { loadSecrets } from './secrets.ts';
import { serviceNames, wireServices } from './services.ts';
import type { Settings } from './settings.ts';
import { cacheDir, databaseFolder, serverFolders } from '../servers/state-folders.ts';

const notesDatabase = 'micro-notes-db';

type Stop = () => Promise<boolean>;

export interface LocalSystem {
  urls: ReturnType<typeof wireServices>['urls'];
  mongo: { url: string; kind: string };
  databaseUrl: string;
  logDir: string;
}

/**
 * The whole system on this machine. `start` starts its parts in order; `stop` stops the started parts in reverse, even after
 * a start that failed half way, and returns whether every service ended in order.
 */
export function localSystem(root: string, settings: Settings, progress: (line: string) => void) {
  const stops: Stop[] = [];
  const failed = Promise.withResolvers<string>();
  let stopping = false;

  /** Registers how to stop a part; until stopping begins, the end of the part is a failure. */
  function started(stop: Stop, exited: Promise<string>): void {
    stops.push(stop);
    void exited.then((sentence) => {
      if (!stopping) failed.resolve(sentence);
    });
  }

  async function startDatabases(dataDir: string, password: string) {
    const cache = cacheDir({ ...process.env, LOCAL_CACHE_DIR: settings.LOCAL_CACHE_DIR });
    const common = { cacheDir: cache, progress };
    const postgres = await startPostgres({
      ...common,
      dataDir: serverFolders(dataDir).postgres,
      port: settings.POSTGRES_PORT,
      password,
    });
    started(() => postgres.stop().then(() => true), postgres.exited);
    const mongo = await startMongo({
      ...common,
      dataDir,
      port: settings.MONGODB_PORT,
      env: { MONGODB_URL: settings.MONGODB_URL },
    });
    started(() => mongo.stop().then(() => true), mongo.exited);
    return { postgres, mongo };
  }

  async function bringUp(): Promise<LocalSystem> {
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
    stops.push(() => stopMail().then(() => true));
    progress('Starting the databases');
    const { postgres, mongo } = await startDatabases(dataDir, secrets.POSTGRES_PASSWORD);
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
    await migrateDatabases(root, servicesWithDatabase, services.environmentOf);

    if (stopping) throw new StartError('Stopped before the services were started.');
    progress('Starting the services');
    const processes = serviceNames.map(services.start);
    for (const service of processes) started(() => service.stop(), service.exited);
    await Promise.all(processes.map((service) => service.ready()));
    return { urls: services.urls, mongo, databaseUrl, logDir };
  }

  async function stopAll(): Promise<boolean> {
    let inOrder = true;
    for (let stop = stops.pop(); stop; stop = stops.pop()) inOrder = (await stop()) && inOrder;
    return inOrder;
  }

  let starting: Promise<unknown> = Promise.resolve();
  return {
    /** Resolves with a sentence when a part ends without `stop`. */
    failed: failed.promise,

    start(): Promise<LocalSystem> {
      const up = bringUp();
      starting = up.catch(() => {});
      return up;
    },

    async stop(): Promise<boolean> {
      stopping = true;
      const inOrder = await stopAll();
      // A start in progress may have started one more part.
      await starting;
      return (await stopAll()) && inOrder;
    },
  };
}
