import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, freePorts } from '@polyglot-notes/service-kit/testing';
import { ensureDatabase } from '../src/postgres/databases.ts';
import { migrateDatabases, servicesWithDatabase } from '../src/system/migrate.ts';
import { makeSecrets } from '../src/system/secrets.ts';
import { startService, type ServiceProcess } from '../src/system/service-process.ts';
import { serviceNames, wireServices, type ServiceName } from '../src/system/services.ts';
import { readSettings } from '../src/system/settings.ts';
import { testSettings, type TestServers } from './system.ts';

export type InstancePairs = Awaited<ReturnType<typeof startInstancePairs>>;

/**
 * Starts two instances of each service from the sources in `root`, behind a load balancer for each service, on databases of
 * their own. The settings and secrets are those that this version would give them.
 */
export async function startInstancePairs(servers: TestServers, root: string) {
  const name = randomBytes(4).toString('hex');
  const stateDir = await mkdtemp(join(tmpdir(), 'polyglot-notes-pairs-'));
  const [gateway, auth, user, notes] = await freePorts(4);
  const settings = readSettings(root, {
    GATEWAY_PORT: String(gateway),
    AUTH_SERVICE_PORT: String(auth),
    USER_SERVICE_PORT: String(user),
    NOTES_SERVICE_PORT: String(notes),
    LOCAL_STATE_DIR: stateDir,
    AUTH_DATABASE: `${servers.mongoPrefix}${name}-auth`,
    USER_DATABASE: `${servers.mongoPrefix}${name}-user`,
    ...testSettings(),
  });
  const admin = { email: 'admin@example.com', password: randomBytes(12).toString('base64url') };
  const server = new URL('/postgres', servers.notesTemplateUrl).href;
  const databaseUrl = await ensureDatabase(server, `test_${name}`);
  const { urls, environmentOf } = wireServices({
    root,
    settings,
    secrets: makeSecrets(),
    mongoUrl: servers.mongoUrl,
    databaseUrl,
    smtpUrl: servers.smtpUrl,
    admin,
    logDir: '',
  });
  const logFiles: string[] = [];

  async function startInstance(service: ServiceName, sources: string): Promise<ServiceProcess> {
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
  const migrate = (sources: string) => migrateDatabases(sources, servicesWithDatabase, environmentOf);

  await migrate(root);
  const pairs = new Map<ServiceName, ServiceProcess[]>();
  for (const service of serviceNames)
    pairs.set(service, [await startInstance(service, root), await startInstance(service, root)]);
  const balancers = serviceNames.map((service) => balance(urls[service], pairs.get(service)!));
  // A service is not ready before it reaches the others.
  await Promise.all([...pairs.values()].flat().map((instance) => instance.ready()));

  return {
    /** The load balancers. */
    urls,
    admin,
    environmentOf,
    databaseUrl,
    mongo: { url: servers.mongoUrl, auth: settings.AUTH_DATABASE, user: settings.USER_DATABASE },
    /** Of all instances, also those that have been replaced. */
    logFiles,
    /** Migrates the databases to the version of these sources. */
    migrate,
    /** The URLs of the instances of a service, the oldest first. */
    instances: (service: ServiceName) => pairs.get(service)!.map(({ url }) => url),
    /** Stops the oldest instance of a service, without new connections to it, and starts one from these sources instead. */
    async replaceOldest(service: ServiceName, sources: string): Promise<void> {
      const pair = pairs.get(service)!;
      await pair.shift()!.stop();
      const instance = await startInstance(service, sources);
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
