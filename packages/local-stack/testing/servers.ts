import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@polyglot-notes/service-kit/testing';
import { startMongo } from '../src/mongodb/mongodb.ts';
import { startPostgres } from '../src/postgres/postgres.ts';
import { cacheDir, databaseFolder, serverFolders } from '../src/servers/state-folders.ts';

/** The database servers of a run of the tests. */
export interface Servers {
  postgresUrl: string;
  mongoUrl: string;
  /** Whether this MongoDB has other data in it. */
  isMongoShared: boolean;
  stop(): Promise<void>;
}

/** The same servers as `npm start`; with MONGODB_URL, the MongoDB there. */
export async function embeddedServers(): Promise<Servers> {
  const stateDir = await mkdtemp(join(tmpdir(), 'polyglot-notes-databases-'));
  const dataDir = await databaseFolder(stateDir);
  const [postgresPort = 0, mongoPort = 0] = await freePorts(2);
  const common = { cacheDir: cacheDir(process.env), progress: console.log, durable: false };
  const [postgres, mongo] = await Promise.all([
    startPostgres({
      ...common,
      dataDir: serverFolders(dataDir).postgres,
      port: postgresPort,
      password: randomBytes(12).toString('base64url'),
    }),
    startMongo({ ...common, dataDir, port: mongoPort, env: process.env }),
  ]);
  return {
    postgresUrl: postgres.url,
    mongoUrl: mongo.url,
    isMongoShared: mongo.kind === 'external',
    async stop() {
      await Promise.all([postgres.stop(), mongo.stop()]);
      await rm(await realpath(dataDir), { recursive: true });
      await rm(stateDir, { recursive: true });
    },
  };
}

/** Servers in containers, of the images in docker-compose.yml. */
export async function containerServers(): Promise<Servers> {
  // Large, so it is loaded only when needed.
  const { GenericContainer, Wait } = await import('testcontainers');
  const password = randomBytes(12).toString('base64url');
  const [postgres, mongo] = await Promise.all([
    new GenericContainer('postgres:18')
      .withEnvironment({ POSTGRES_PASSWORD: password, LANG: 'C.UTF-8' })
      .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=200'])
      .withExposedPorts(5432)
      // Over the network: during its set-up the server listens on its socket only.
      .withHealthCheck({ test: ['CMD', 'pg_isready', '--host', '127.0.0.1'], interval: 500, retries: 120 })
      .withWaitStrategy(Wait.forHealthCheck())
      .start(),
    new GenericContainer('mongo:8')
      .withExposedPorts(27_017)
      .withWaitStrategy(Wait.forLogMessage(/waiting for connections/i))
      .start(),
  ]);
  const address = (container: typeof mongo, port: number) =>
    `${container.getHost()}:${container.getMappedPort(port)}`;
  return {
    postgresUrl: `postgresql://postgres:${password}@${address(postgres, 5432)}/postgres`,
    mongoUrl: `mongodb://${address(mongo, 27_017)}`,
    isMongoShared: false,
    async stop() {
      await Promise.all([postgres.stop(), mongo.stop()]);
    },
  };
}
