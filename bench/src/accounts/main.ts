// npm run bench -- accounts: measures whether calls take longer when there are more accounts. See ../../README.md.
import mongoose from 'mongoose';
import { createPasswordHasher } from '../../../auth-service/src/passwords/password-hasher.ts';
import { atMost } from '../measuring/goals.ts';
import { defineMeasurement, type StartSystem } from '../measuring/measurement.ts';
import { percentile } from '../measuring/percentile.ts';
import { inTurn } from '../measuring/rounds.ts';
import { table } from '../measuring/table.ts';
import { logInAdmin, password } from '../people.ts';
import { createCalls } from './calls.ts';
import { explainQueries } from './explain-queries.ts';
import { seedAccounts, type SeededUser } from './seed.ts';

const warmUpRounds = 10;
const isOfPeople = (name: string) => /login|refresh|admin/.test(name);

interface Options {
  accounts: number;
  sessions: number;
  endedSessions: number;
  rounds: number;
}

/** A system with `accounts` accounts. */
async function prepare(startSystem: StartSystem, { accounts, rounds, ...options }: Options) {
  const system = await startSystem();
  const adminToken = await logInAdmin(system);
  const passwords = await createPasswordHasher(4);
  const passwordHash = await passwords.hash(password);
  await passwords.close();
  const open = (dbName: string) =>
    mongoose
      .createConnection(system.mongo.url, { dbName, autoIndex: false, monitorCommands: true })
      .asPromise();
  const [auth, user] = await Promise.all([open(system.mongo.auth), open(system.mongo.user)]);
  const began = performance.now();
  const users = await seedAccounts(
    { auth: auth.db!, user: user.db! },
    {
      accounts,
      sessions: options.sessions,
      ended: options.endedSessions,
      samples: warmUpRounds + rounds,
      passwordHash,
    },
  );
  console.log(`${accounts} accounts: seeded in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  const calls = createCalls(system, { password, adminToken, ...options });
  const remaining = users.values();
  return {
    accounts,
    /** Makes each call for another user, and returns the times in ms by the name of the call. */
    async callAll(): Promise<Map<string, number>> {
      const { value } = remaining.next() as { value: SeededUser };
      const took = new Map<string, number>();
      for (const [name, call] of Object.entries(calls)) took.set(name, await call(value));
      return took;
    },
    explain: () => explainQueries({ auth, user }, users[0]!),
    close: () => Promise.all([auth.close(), user.close()]),
  };
}

const count = (value: number) => value.toLocaleString('en-US');

export const measurement = defineMeasurement({
  options: { sizes: [1_000, 10_000, 100_000], rounds: 60, sessions: 2, ended: 3_000 },
  smallest: { sizes: [40], rounds: 2, sessions: 2, ended: 4 },
  async measure({ sizes, rounds, sessions, ended }, startSystem) {
    const systems: Awaited<ReturnType<typeof prepare>>[] = [];
    try {
      for (const accounts of sizes)
        systems.push(await prepare(startSystem, { accounts, sessions, endedSessions: ended, rounds }));
      const measured = await inTurn(systems, warmUpRounds + rounds, (system) => system.callAll());
      const names = [...measured[0]![0]!.keys()];
      const timeOf = (name: string, share: number) =>
        measured.map((of) =>
          percentile(
            of.slice(warmUpRounds).map((took) => took.get(name)!),
            share,
          ),
        );
      const tableOf = (share: number) =>
        table(
          [`ms at p${share * 100}`, ...sizes.map((size) => `${count(size)} accounts`)],
          names.map((name) => [name, ...timeOf(name, share).map((ms) => ms.toFixed(1))]),
        );
      const explained = Object.entries(await systems.at(-1)!.explain());
      return {
        title: 'Accounts',
        method: `Each size has a system of its own, whose accounts have ${sessions} sessions each; ${count(ended)} more sessions have ended within the last day. Each call is made ${rounds} times, straight to its service, one at a time. The systems take turns, and another one is first in each round. The bcrypt cost is 4.`,
        tables: [
          tableOf(0.5),
          tableOf(0.95),
          `The queries with ${count(sizes.at(-1)!)} accounts:`,
          table(
            ['query', 'indexes', 'examined', 'returned'],
            explained.map(([name, of]) =>
              typeof of === 'string'
                ? [name, of, '', '']
                : [name, of.indexes, count(of.examined), count(of.returned)],
            ),
          ),
        ],
        goals: names.filter(isOfPeople).map((name) => {
          const times = timeOf(name, 0.5);
          const what = `p50 of ${name} with ${count(sizes.at(-1)!)} accounts, of that with ${count(sizes[0]!)}`;
          return atMost(1.5, what, times.at(-1)! / times[0]!);
        }),
        charts: [0.5, 0.95].map((share) => ({
          title: `ms at p${share * 100} (logarithmic)`,
          xLabel: 'accounts (logarithmic)',
          logarithmic: ['x', 'y'] as const,
          series: names.map((name) => ({
            name,
            points: timeOf(name, share).map((ms, index) => [sizes[index]!, ms] as const),
          })),
        })),
      };
    } finally {
      for (const system of systems) await system.close();
    }
  },
});
