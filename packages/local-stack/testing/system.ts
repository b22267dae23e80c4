import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, migrate } from '@polyglot-notes/mongo-kit';
import { freePorts, scaled } from '@polyglot-notes/service-kit/testing';
import { migrations as authMigrations } from '../../../auth-service/src/migrations.ts';
import { migrations as userMigrations } from '../../../user-service/src/migrations.ts';
import type { LocalUser } from '../src/system/local-users.ts';
import { cloneDatabase } from '../src/postgres/databases.ts';
import { makeSecrets, type Secrets } from '../src/system/secrets.ts';
import { startService, type ServiceProcess } from '../src/system/service-process.ts';
import { serviceNames, wireServices, type ServiceName, type Wiring } from '../src/system/services.ts';
import { readSettings } from '../src/system/settings.ts';

// Compiled code is kept between starts, of this run and of others: a start takes half the time.
const compileCache = join(tmpdir(), 'polyglot-notes-compile-cache');

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Settings without limits, and without what would take long. */
export const testSettings = () => ({
  BCRYPT_COST: '4',
  EMAIL_VERIFICATION: 'off',
  SMTP_TIMEOUT_MS: String(scaled(3_000)),
  RATE_LIMIT_MAX: '0',
  RATE_LIMIT_AUTH_MAX: '0',
  RATE_LIMIT_REFRESH_MAX: '0',
  // On a busy machine, requests that are sent at once arrive seconds apart.
  REFRESH_GRACE_SECONDS: '300',
});

export interface TestServers {
  mongoUrl: string;
  /** Begins the names of all MongoDB databases of this run. */
  mongoPrefix: string;
  /** A migrated, empty PostgreSQL database to clone. */
  notesTemplateUrl: string;
  /** The mail catcher, for senders and for readers. */
  smtpUrl: string;
  mailUrl: string;
}

/** The database servers that Jest's set-up has started, from the environment of the tests. */
export const testServers = (): TestServers => ({
  mongoUrl: process.env['TEST_MONGODB_URL'] ?? '',
  mongoPrefix: process.env['TEST_MONGODB_PREFIX'] ?? '',
  notesTemplateUrl: process.env['TEST_NOTES_TEMPLATE_URL'] ?? '',
  smtpUrl: process.env['TEST_SMTP_URL'] ?? '',
  mailUrl: process.env['TEST_MAIL_URL'] ?? '',
});

export type TestSystem = Awaited<ReturnType<typeof startTestSystem>>;

/**
 * Starts the four services as four processes on databases of their own, without limits. `environment` overrides their
 * settings; `processEnvironment` is added to each process.
 */
export async function startTestSystem(
  servers: TestServers,
  environment: Record<string, string> = {},
  processEnvironment: Record<string, string> = {},
) {
  const name = randomBytes(4).toString('hex');
  const shared: Shared = {
    secrets: makeSecrets(),
    mongoUrl: servers.mongoUrl,
    smtpUrl: servers.smtpUrl,
    admin: { email: 'admin@example.com', password: randomBytes(12).toString('base64url') },
    databaseUrl: await cloneDatabase(servers.notesTemplateUrl, `test_${name}`),
    environment: {
      AUTH_DATABASE: `${servers.mongoPrefix}${name}-auth`,
      USER_DATABASE: `${servers.mongoPrefix}${name}-user`,
      ...environment,
    },
    processEnvironment,
  };
  return {
    ...(await startInstances(shared, { isFirst: true })),
    /** Starts a second instance of each service on the same databases; the second instances call each other. */
    twin: () => startInstances(shared, { isFirst: false }),
  };
}

/** Migrates in this process, which takes a fifth of the time of the command. */
async function migrateMongo(
  url: string,
  database: string,
  migrations: Parameters<typeof migrate>[1],
): Promise<void> {
  const connection = await connect(url, database);
  await migrate(connection, migrations);
  await connection.close();
}

/** The common part of all instances of one system. */
interface Shared extends Pick<Wiring, 'secrets' | 'mongoUrl' | 'smtpUrl' | 'databaseUrl'> {
  admin: LocalUser;
  environment: Record<string, string>;
  processEnvironment: Record<string, string>;
}

async function startInstances(
  { environment, processEnvironment, ...shared }: Shared,
  { isFirst }: { isFirst: boolean },
) {
  const stateDir = await mkdtemp(join(tmpdir(), 'polyglot-notes-system-'));
  const [gateway, auth, user, notes, ...metricsPorts] = await freePorts(8);
  const settings = readSettings(root, {
    GATEWAY_PORT: String(gateway),
    AUTH_SERVICE_PORT: String(auth),
    USER_SERVICE_PORT: String(user),
    NOTES_SERVICE_PORT: String(notes),
    AUTH_SERVICE_METRICS_PORT: String(metricsPorts[0]),
    USER_SERVICE_METRICS_PORT: String(metricsPorts[1]),
    NOTES_SERVICE_METRICS_PORT: String(metricsPorts[2]),
    GATEWAY_METRICS_PORT: String(metricsPorts[3]),
    LOCAL_STATE_DIR: stateDir,
    ...testSettings(),
    ...environment,
  });
  const wire = (secrets: Partial<Secrets> = {}) =>
    wireServices({
      root,
      settings: {
        ...settings,
        forServices: { ...settings.forServices, NODE_COMPILE_CACHE: compileCache, ...processEnvironment },
      },
      ...shared,
      secrets: { ...shared.secrets, ...secrets },
      logDir: join(stateDir, 'logs'),
    });
  let wired = wire();
  const processes = new Map<ServiceName, ServiceProcess>();
  const running = new Set<ServiceProcess>();

  async function start(...names: readonly ServiceName[]): Promise<void> {
    const starting = names.map((name) => {
      const service = wired.start(name);
      processes.set(name, service);
      return service;
    });
    for (const service of starting) {
      running.add(service);
      void service.exited.then(() => running.delete(service));
    }
    await Promise.all(starting.map((service) => service.ready()));
  }
  const isRunning = (name: ServiceName) => running.has(processes.get(name)!);
  // The database of notes-service is a copy of a migrated one.
  if (isFirst) {
    const { AUTH_DATABASE, USER_DATABASE } = settings;
    await Promise.all([
      migrateMongo(shared.mongoUrl, AUTH_DATABASE, authMigrations),
      migrateMongo(shared.mongoUrl, USER_DATABASE, userMigrations),
    ]);
  }
  await start(...serviceNames);

  return {
    urls: wired.urls,
    /** Where each service serves its metrics. */
    metricsUrls: Object.fromEntries(
      serviceNames.map((service, index) => [service, `http://127.0.0.1:${metricsPorts[index]}/metrics`]),
    ) as Record<ServiceName, string>,
    admin: shared.admin,
    /** The PostgreSQL database of the notes. */
    databaseUrl: shared.databaseUrl,
    /** The MongoDB databases of auth-service and user-service. */
    mongo: { url: shared.mongoUrl, auth: settings.AUTH_DATABASE, user: settings.USER_DATABASE },
    environmentOf: (name: ServiceName) => wired.environmentOf(name),
    /** Changes secrets for the services that start from now on. */
    changeSecrets: (secrets: Partial<Secrets>) => {
      wired = wire(secrets);
    },
    logFiles: Object.fromEntries(
      serviceNames.map((service) => [service, join(stateDir, 'logs', `${service}.log`)]),
    ),
    start,
    /** Starts the services that have ended, such as after a failed test. */
    ensureRunning: () => start(...serviceNames.filter((name) => !isRunning(name))),
    /** Resolves when the process has ended. */
    exited: (service: ServiceName) => processes.get(service)?.exited ?? Promise.resolve(''),
    pid: (service: ServiceName) => processes.get(service)?.pid ?? 0,
    async stop(service: ServiceName, signal?: NodeJS.Signals): Promise<void> {
      await processes.get(service)?.stop(signal);
    },
    async close(): Promise<void> {
      await Promise.all([...processes.values()].map((service) => service.stop()));
      await rm(stateDir, { recursive: true });
    },
  };
}

/**
 * Starts another notes-service, on the database at `databaseUrl`, and a gateway in front of it. They accept the tokens of
 * `system`.
 */
export async function startNotesOn(system: TestSystem, databaseUrl: string) {
  const [notesPort, gatewayPort] = await freePorts(2);
  async function start(name: ServiceName, port: number | undefined, env: Record<string, string>) {
    const service = startService({
      name,
      url: `http://127.0.0.1:${port}`,
      entry: join(root, name, 'src', 'main.ts'),
      env: { ...system.environmentOf(name), PORT: String(port), METRICS_PORT: '', ...env },
      logFile: `${system.logFiles[name]}.${port}`,
    });
    await service.ready();
    return service;
  }
  const notes = await start('notes-service', notesPort, { DATABASE_URL: databaseUrl });
  const gateway = await start('gateway', gatewayPort, { NOTES_SERVICE_URL: notes.url });
  return {
    url: gateway.url,
    async stop(): Promise<void> {
      await Promise.all([gateway.stop(), notes.stop()]);
    },
  };
}
