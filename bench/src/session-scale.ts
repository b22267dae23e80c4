// npm run bench -- sessions: measures whether calls take longer when there are more accounts. See ../README.md.
import mongoose from 'mongoose';
import {
  startTestSystem,
  stopTestDatabases,
  testDatabases,
  type TestServers,
} from '@polyglot-notes/local-stack/testing';
import { createPasswordHasher } from '../../auth-service/src/passwords/password-hasher.ts';
import { explainQueries } from './explain-queries.ts';
import { percentile } from './measuring/percentile.ts';
import { splitRefresh } from './refresh-parts.ts';
import { seedSessions } from './seed-sessions.ts';
import { createCalls, type Calls } from './session-calls.ts';

const sizes = [1_000, 100_000] as const;
const endedSessions = 3_000;
const warmUpRounds = 30;
const rounds = 150;
const password = 'correct horse battery';

type Prepared = Awaited<ReturnType<typeof prepare>>;

/** An auth-service on a database of its own with `accounts` accounts. */
async function prepare(databases: TestServers, accounts: number, passwordHash: string) {
  const system = await startTestSystem(databases);
  for (const service of ['gateway', 'notes-service', 'user-service'] as const) await system.stop(service);
  const db = await mongoose
    .createConnection(system.mongo.url, {
      dbName: system.mongo.auth,
      autoIndex: false,
      monitorCommands: true,
    })
    .asPromise();
  const began = performance.now();
  const users = await seedSessions(db.db!, {
    accounts,
    ended: endedSessions,
    samples: warmUpRounds + rounds,
    passwordHash,
  });
  const seconds = (performance.now() - began) / 1_000;
  console.log(`Seeded ${accounts} accounts and their sessions in ${seconds.toFixed(0)} s.`);
  return {
    accounts,
    db,
    users,
    calls: createCalls(system, { password, endedSessions }),
    took: new Map<string, number[]>(),
    async close() {
      await db.close();
      await system.close();
    },
  };
}

/** Sends each call to both systems in turn. The one that is first changes every round. */
async function measure(systems: Prepared[]): Promise<void> {
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    const order = round % 2 === 0 ? systems : systems.toReversed();
    for (const name of Object.keys(systems[0]!.calls) as (keyof Calls)[]) {
      for (const { calls, users, took } of order) {
        const ms = await calls[name](users[round]!);
        if (round >= warmUpRounds) took.set(name, [...(took.get(name) ?? []), ms]);
      }
    }
  }
}

const columns = (name: string, values: (string | number)[]) =>
  name.padEnd(28) + values.map((value) => String(value).padStart(12)).join('');

function printCalls([small, large]: [Prepared, Prepared]): void {
  console.log(
    `\n${rounds} calls of each kind to each system. ${small.accounts} / ${large.accounts} accounts.`,
  );
  console.log(columns('ms', ['p50', '', 'ratio', 'p95', '', 'ratio']));
  for (const [name, times] of small.took) {
    const values = [0.5, 0.95].flatMap((share) => {
      const [of1, of2] = [percentile(times, share), percentile(large.took.get(name)!, share)];
      return [of1.toFixed(1), of2.toFixed(1), (of2 / of1).toFixed(2)];
    });
    console.log(columns(name, values));
  }
}

const databases = await testDatabases();
const systems: Prepared[] = [];
try {
  const passwords = await createPasswordHasher(4);
  const passwordHash = await passwords.hash(password);
  await passwords.close();
  for (const accounts of sizes) systems.push(await prepare(databases, accounts, passwordHash));
  const [small, large] = systems as [Prepared, Prepared];
  await measure(systems);
  printCalls([small, large]);
  for (const { accounts, db, users } of systems) {
    console.log(`\nThe parts of a refresh with ${accounts} accounts, ms at p50:`);
    console.table(await splitRefresh(db, users));
  }
  console.log(`\nThe queries with ${large.accounts} accounts:`);
  console.table(await explainQueries(large.db, large.users[0]!));
} finally {
  for (const system of systems) await system.close();
  await stopTestDatabases();
}
