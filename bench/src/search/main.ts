// npm run bench -- search: measures lists and searches on databases of several sizes. See ../../README.md.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  startTestSystem,
  stopTestDatabases,
  testDatabases,
  type TestServers,
  type TestSystem,
} from '@polyglot-notes/local-stack/testing';
import { describeMachine, describePostgres } from '../measuring/machine.ts';
import { plot } from '../measuring/plot.ts';
import { registerUsers } from '../people.ts';
import { createDatabase, type Database } from './databases.ts';
import { measure, type MeasuredUser } from './measure.ts';
import { createPool, rareWord } from './pool.ts';
import { chartsOf, reportOf, type Results } from './report.ts';
import { compareIndex, timeBefore } from './statements.ts';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    // A database of each of these sizes is also built without partitions.
    flat: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '40' },
  },
});
const numbersOf = (list: string) =>
  list
    .split(',')
    .filter((part) => part !== '')
    .map(Number);
const sizes = numbersOf(options.sizes);
const flatSizes = new Set(numbersOf(options.flat));
const largeNotes = 50_000;
const smallNotes = 500;
const results = new URL('../../results/', import.meta.url);

async function registerOwners(system: TestSystem): Promise<MeasuredUser[]> {
  const registered = await registerUsers([system], 2);
  const [large, small] = registered.map(({ id, sessions: [{ token }] }) => ({ id, token }));
  return [
    // At most half of the notes, so that there are other users too.
    { ...large!, notesIn: ({ total }) => Math.min(largeNotes, total / 2) },
    { ...small!, notesIn: () => smallNotes },
  ];
}

async function run(servers: TestServers): Promise<Results> {
  const system = await startTestSystem(servers, { ACCESS_TOKEN_TTL_SECONDS: '86400', LOG_LEVEL: 'info' });
  const databases: Database[] = [];
  try {
    const pool = createPool();
    const users = await registerOwners(system);
    const create = async (total: number, isPartitioned: boolean) => {
      const measured = users.map(({ id, notesIn }) => ({ id, notes: notesIn({ total }) }));
      const { notesTemplateUrl: templateUrl } = servers;
      databases.push(await createDatabase(system, { templateUrl, pool, measured, total, isPartitioned }));
    };
    for (const size of sizes) {
      await create(size, true);
      if (flatSizes.has(size)) await create(size, false);
    }
    for (const service of ['gateway', 'user-service', 'notes-service'] as const) await system.stop(service);
    const measurements = await measure(databases, { users, pool, rounds: Number(options.rounds) });
    const before: Results['before'] = [];
    for (const database of databases.filter(({ isPartitioned }) => !isPartitioned))
      for (const user of users)
        before.push({ user, total: database.total, times: await timeBefore(database, user.id) });
    const largest = databases.findLast(({ isPartitioned }) => isPartitioned)!;
    return {
      measurements,
      users,
      sizes,
      before,
      index: { size: largest.total, ...(await compareIndex(largest, users[0]!.id, rareWord)) },
      machine: `${describeMachine()}, ${await describePostgres(largest.client)}.`,
    };
  } finally {
    for (const database of databases) await database.stop();
    await system.close();
  }
}

try {
  const measured = await run(await testDatabases());
  const report = reportOf(measured);
  console.log(`\n${report}`);
  await writeFile(new URL('search.md', results), report);
  await writeFile(new URL('search.svg', results), plot(chartsOf(measured)));
} finally {
  await stopTestDatabases();
}
