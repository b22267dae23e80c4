import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@polyglot-notes/service-kit/testing';
import { MongoClient } from 'mongodb';
import { startMail } from '../src/mail/mail-catcher.ts';
import { ensureDatabase } from '../src/postgres/databases.ts';
import { migrateDatabases } from '../src/system/migrate.ts';
import { containerServers, embeddedServers } from './servers.ts';
import { root, type TestServers } from './system.ts';

export interface TestDatabases extends TestServers {
  stop(): Promise<void>;
}

// Jest loads this module again for each set-up and tear-down, so the process object holds what they share.
const run: typeof process & { testDatabases?: Promise<TestDatabases> | undefined } = process;

/** The database servers of this run of the tests, started once. */
export function testDatabases(): Promise<TestDatabases> {
  if (run.testDatabases === undefined) {
    run.testDatabases = start();
    // Jest ends on Ctrl-C without its tear-down, and the servers would run on.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void stopTestDatabases().finally(() => process.exit(1)));
    }
  }
  return run.testDatabases;
}

/** Stops the servers, if they run, and removes their data. */
export async function stopTestDatabases(): Promise<void> {
  const databases = await run.testDatabases;
  run.testDatabases = undefined;
  await databases?.stop();
}

function startServers() {
  const { TEST_DATABASES: kind = 'embedded' } = process.env;
  if (kind === 'embedded') return embeddedServers();
  if (kind === 'containers') return containerServers();
  throw new Error(`TEST_DATABASES must be "embedded" or "containers", not "${kind}".`);
}

async function start(): Promise<TestDatabases> {
  const mailFolder = await mkdtemp(join(tmpdir(), 'polyglot-notes-mail-'));
  const [smtpPort = 0, mailPort = 0] = await freePorts(2);
  const [servers, stopMail] = await Promise.all([
    startServers(),
    startMail({ smtpPort, webPort: mailPort, webHost: '127.0.0.1', folder: mailFolder }),
  ]);
  const notesTemplateUrl = await ensureDatabase(servers.postgresUrl, 'notes_template');
  await migrateDatabases(root, ['notes-service'], () => ({ DATABASE_URL: notesTemplateUrl }));
  const mongoPrefix = `test-${randomBytes(4).toString('hex')}-`;
  return {
    mongoUrl: servers.mongoUrl,
    mongoPrefix,
    notesTemplateUrl,
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    mailUrl: `http://127.0.0.1:${mailPort}`,
    async stop() {
      await stopMail();
      await rm(mailFolder, { recursive: true });
      if (servers.isMongoShared) await dropDatabases(servers.mongoUrl, mongoPrefix);
      await servers.stop();
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
