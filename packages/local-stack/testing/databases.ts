import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { serverFolders } from '../src/leftovers.ts';
import { startMail } from '../src/mail.ts';
import { migratedDatabase } from '../src/migrate.ts';
import { startMongo } from '../src/mongodb.ts';
import { freePorts } from '../src/ports.ts';
import { startPostgres } from '../src/postgres.ts';
import { cacheDir, databaseFolder } from '../src/state-folders.ts';
import { root, type TestServers } from './system.ts';

export interface TestDatabases extends TestServers {
  stop(): Promise<void>;
}

// Jest loads this module anew for each set-up and tear-down; what they share is kept by the process.
const run: typeof process & { testDatabases?: Promise<TestDatabases> | undefined } = process;

/** The database servers of this run of the tests: started once, however many kinds of tests ask for them. */
export function testDatabases(): Promise<TestDatabases> {
  if (run.testDatabases === undefined) {
    run.testDatabases = start();
    // Jest ends on Ctrl-C without its tear-down, and the servers would live on.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void stopTestDatabases().finally(() => process.exit(1)));
    }
  }
  return run.testDatabases;
}

/** Stops the servers if they run, and leaves nothing of theirs behind. */
export async function stopTestDatabases(): Promise<void> {
  const databases = await run.testDatabases;
  run.testDatabases = undefined;
  await databases?.stop();
}

async function start(): Promise<TestDatabases> {
  const stateDir = await mkdtemp(join(tmpdir(), 'polyglot-notes-test-'));
  const dataDir = await databaseFolder(stateDir);
  const [postgresPort = 0, mongoPort = 0, smtpPort = 0, mailPort = 0] = await freePorts(4);
  const common = { cacheDir: cacheDir(process.env), progress: console.log, durable: false };
  const postgres = await startPostgres({
    ...common,
    dataDir: serverFolders(dataDir).postgres,
    port: postgresPort,
    password: randomBytes(12).toString('base64url'),
  });
  const mongo = await startMongo({ ...common, dataDir, port: mongoPort, env: process.env });
  const stopMail = await startMail({
    smtpPort,
    webPort: mailPort,
    webHost: '127.0.0.1',
    folder: join(stateDir, 'mail'),
  });
  const mongoPrefix = `test-${randomBytes(4).toString('hex')}-`;
  return {
    mongoUrl: mongo.url,
    mongoPrefix,
    notesTemplateUrl: await migratedDatabase(root, postgres.url, 'notes_template'),
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    mailUrl: `http://127.0.0.1:${mailPort}`,
    async stop() {
      await stopMail();
      if (mongo.kind === 'external') await dropDatabases(mongo.url, mongoPrefix);
      await Promise.all([postgres.stop(), mongo.stop()]);
      await rm(await realpath(dataDir), { recursive: true });
      await rm(stateDir, { recursive: true });
    },
  };
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  const client = await MongoClient.connect(url);
  const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
  const ours = databases.filter(({ name }) => name.startsWith(prefix));
  await Promise.all(ours.map(({ name }) => client.db(name).dropDatabase()));
  await client.close();
}
