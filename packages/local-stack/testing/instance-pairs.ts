import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, freePorts } from '@polyglot-notes/service-kit/testing';
import { ensureDatabase } from '../src/postgres/databases.ts';
import { migrateDatabases, servicesWithDatabase } from '../src/system/migrate.ts';
import type { loadSecrets } from '../src/system/secrets.ts';
import { startService, type ServiceProcess } from '../src/system/service-process.ts';
import { serviceNames, type ServiceName, type wireServices } from '../src/system/services.ts';
import type { readSettings } from '../src/system/settings.ts';
import { root, testSettings, type TestServers } from './system.ts';

export type InstancePairs = Awaited<ReturnType<typeof startInstancePairs>>;

/**
 * Starts two instances of each service from the sources of a release in `release`, behind a load balancer for each service,
 * on databases of their own. Each version gets the settings and secrets that its own `npm start` would give it.
 */
export async function startInstancePairs(servers: TestServers, release: string) {
  const name = randomBytes(4).toString('hex');
  const stateDir = await mkdtemp(join(tmpdir(), 'polyglot-notes-pairs-'));
  const [gateway, auth, user, notes] = await freePorts(4);
  const admin = { email: 'admin@example.com', password: randomBytes(12).toString('base64url') };
  const server = new URL('/postgres', servers.notesTemplateUrl).href;
  const databaseUrl = await ensureDatabase(server, `test_${name}`);
  const mongo = {
    url: servers.mongoUrl,
    auth: `${servers.mongoPrefix}${name}-auth`,
    user: `${servers.mongoPrefix}${name}-user`,
  };
  const given = {
    GATEWAY_PORT: String(gateway),
    AUTH_SERVICE_PORT: String(auth),
    USER_SERVICE_PORT: String(user),
    NOTES_SERVICE_PORT: String(notes),
    LOCAL_STATE_DIR: stateDir,
    AUTH_DATABASE: mongo.auth,
    USER_DATABASE: mongo.user,
    ...testSettings(),
  };
  async function wire(sources: string): Promise<Version> {
    const local = await localSystemOf(sources);
    const { urls, environmentOf } = local.wireServices({
      root: sources,
      settings: local.readSettings(sources, given),
      secrets: local.loadSecrets(stateDir),
      mongoUrl: mongo.url,
      databaseUrl,
      smtpUrl: servers.smtpUrl,
      admin,
      logDir: '',
    });
    return { sources, urls, environmentOf };
  }
  const before = await wire(release);
  const after = await wire(root);
  const logFiles: string[] = [];

  async function startInstance(
    service: ServiceName,
    { sources, environmentOf }: Version,
  ): Promise<ServiceProcess> {
    const port = await freePort();
    const logFile = join(stateDir, `${service}.${port}.log`);
    logFiles.push(logFile);
    return startService({
      name: service,
      url: `http://127.0.0.1:${port}`,
      entry: join(sources, service, 'src', 'main.ts'),
      env: { ...environmentOf(service), PORT: String(port) },
      logFile,
    });
  }
  const migrate = ({ sources, environmentOf }: Version) =>
    migrateDatabases(sources, servicesWithDatabase, environmentOf);

  await migrate(before);
  const pairs = new Map<ServiceName, ServiceProcess[]>();
  for (const service of serviceNames)
    pairs.set(service, [await startInstance(service, before), await startInstance(service, before)]);
  const balancers = serviceNames.map((service) => balance(before.urls[service], pairs.get(service)!));
  // A service is not ready before it reaches the others.
  await Promise.all([...pairs.values()].flat().map((instance) => instance.ready()));

  return {
    /** The load balancers. */
    urls: before.urls,
    admin,
    environmentOf: after.environmentOf,
    databaseUrl,
    mongo,
    /** Of all instances, also those that have been replaced. */
    logFiles,
    /** Migrates the databases to this version. */
    migrate: () => migrate(after),
    /** The URLs of the instances of a service, the oldest first. */
    instances: (service: ServiceName) => pairs.get(service)!.map(({ url }) => url),
    /** Stops the oldest instance of a service, without new connections to it, and starts one of this version instead. */
    async replaceOldest(service: ServiceName): Promise<void> {
      const pair = pairs.get(service)!;
      await pair.shift()!.stop();
      const instance = await startInstance(service, after);
      await instance.ready();
      pair.push(instance);
    },
    async close(): Promise<void> {
      for (const service of serviceNames.toReversed())
        await Promise.all(pairs.get(service)!.map((instance) => instance.stop()));
      for (const balancer of balancers) balancer.close();
      await rm(stateDir, { recursive: true });
    },
  };
}

/** A version of the services and the environments that it gives them. */
interface Version extends Pick<ReturnType<typeof wireServices>, 'urls' | 'environmentOf'> {
  sources: string;
}

interface LocalSystem {
  loadSecrets: typeof loadSecrets;
  readSettings: typeof readSettings;
  wireServices: typeof wireServices;
}

/** The functions of `npm start` in other sources. They must take what those here take. */
async function localSystemOf(sources: string): Promise<LocalSystem> {
  const folder = join(sources, 'packages/local-stack/src/system');
  const files = ['secrets.ts', 'settings.ts', 'services.ts'];
  return Object.assign({}, ...(await Promise.all(files.map((file) => import(join(folder, file))))));
}

/** Passes the connections to `url` on to these instances in turn. */
function balance(url: string, instances: readonly Pick<ServiceProcess, 'url'>[]) {
  let turn = 0;
  return createServer({ pauseOnConnect: true }, (near) => {
    const instance = instances[turn++ % instances.length];
    // One of two is always there.
    const far = connect(Number(new URL(instance!.url).port), '127.0.0.1');
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
  }).listen(Number(new URL(url).port), '127.0.0.1');
}
