import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalUser } from '../src/system/local-users.ts';
import { migratedDatabase } from '../src/system/migrate.ts';
import { freePorts } from '../src/system/ports.ts';
import { makeSecrets } from '../src/system/secrets.ts';
import type { ServiceProcess } from '../src/system/service-process.ts';
import { serviceNames, wireServices, type ServiceName, type Wiring } from '../src/system/services.ts';
import { readSettings } from '../src/system/settings.ts';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface TestServers {
  mongoUrl: string;
  /** Begins the names of all MongoDB databases of this run. */
  mongoPrefix: string;
  /** A migrated, empty PostgreSQL database to clone. */
  notesTemplateUrl: string;
  /** The mail catcher, for what sends mail, and for who reads it. */
  smtpUrl: string;
  mailUrl: string;
}

/** The database servers that Jest's set-up has started, as the tests are told of them. */
export const testServers = (): TestServers => ({
  mongoUrl: process.env['TEST_MONGODB_URL'] ?? '',
  mongoPrefix: process.env['TEST_MONGODB_PREFIX'] ?? '',
  notesTemplateUrl: process.env['TEST_NOTES_TEMPLATE_URL'] ?? '',
  smtpUrl: process.env['TEST_SMTP_URL'] ?? '',
  mailUrl: process.env['TEST_MAIL_URL'] ?? '',
});

export type TestSystem = Awaited<ReturnType<typeof startTestSystem>>;

/**
 * The four services as four processes on databases of their own, without limits; `environment` overrides their settings,
 * and `processEnvironment` is what each process has besides.
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
    databaseUrl: await migratedDatabase(root, servers.notesTemplateUrl, `test_${name}`),
    environment: {
      AUTH_DATABASE: `${servers.mongoPrefix}${name}-auth`,
      USER_DATABASE: `${servers.mongoPrefix}${name}-user`,
      ...environment,
    },
    processEnvironment,
  };
  return {
    ...(await startInstances(shared)),
    /** Starts one more instance of each service on the same databases; they call each other, not those that run. */
    twin: () => startInstances(shared),
  };
}

/** What all instances of one system have in common. */
interface Shared extends Pick<Wiring, 'secrets' | 'mongoUrl' | 'smtpUrl' | 'databaseUrl'> {
  admin: LocalUser;
  environment: Record<string, string>;
  processEnvironment: Record<string, string>;
}

async function startInstances({ environment, processEnvironment, ...shared }: Shared) {
  const stateDir = await mkdtemp(join(tmpdir(), 'polyglot-notes-system-'));
  const [gateway, auth, user, notes] = await freePorts(4);
  const settings = readSettings(root, {
    GATEWAY_PORT: String(gateway),
    AUTH_SERVICE_PORT: String(auth),
    USER_SERVICE_PORT: String(user),
    NOTES_SERVICE_PORT: String(notes),
    LOCAL_STATE_DIR: stateDir,
    BCRYPT_COST: '4',
    RATE_LIMIT_MAX: '0',
    RATE_LIMIT_AUTH_MAX: '0',
    ...environment,
  });
  const wired = wireServices({
    root,
    settings: { ...settings, forServices: { ...settings.forServices, ...processEnvironment } },
    ...shared,
    logDir: join(stateDir, 'logs'),
  });
  const processes = new Map<ServiceName, ServiceProcess>();

  async function start(...names: readonly ServiceName[]): Promise<void> {
    const starting = names.map((service) => wired.start(service));
    for (const [index, service] of names.entries()) processes.set(service, starting[index]!);
    await Promise.all(starting.map((service) => service.ready()));
  }
  await start(...serviceNames);

  return {
    urls: wired.urls,
    admin: shared.admin,
    /** The PostgreSQL database of the notes. */
    databaseUrl: shared.databaseUrl,
    /** The MongoDB databases of auth-service and user-service. */
    mongo: { url: shared.mongoUrl, auth: settings.AUTH_DATABASE, user: settings.USER_DATABASE },
    environmentOf: wired.environmentOf,
    logFiles: Object.fromEntries(
      serviceNames.map((service) => [service, join(stateDir, 'logs', `${service}.log`)]),
    ),
    start,
    /** Resolves when the process has ended, whoever wanted it. */
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
