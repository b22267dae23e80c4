// npm run bench -- workers: measures services with one and with two workers. See ../README.md.
import { atLeast, atMost } from './measuring/goals.ts';
import { load, type Measured } from './measuring/load.ts';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { defineMeasurement } from './measuring/measurement.ts';
import { processorTime, withChildren } from './measuring/processes.ts';
import { inTurn, median, ratios, spread } from './measuring/rounds.ts';
import { table } from './measuring/table.ts';
import { duringLogins, loginsPerSecond } from './logins/main.ts';
import { seedNotes } from './path/main.ts';
import { registerUsers } from './people.ts';

const names = ['1 worker', '2 workers'];
const settings = [{}, { WORKERS: '2', GATEWAY_WORKERS: '2' }];

interface Contestant {
  system: TestSystem;
  tokens: string[];
  emails: string[];
}

/** A system whose users have notes. */
async function populate(system: TestSystem, count: number): Promise<Contestant> {
  const users = await registerUsers([system], count);
  for (const { id } of users) await seedNotes(system.databaseUrl, id);
  return {
    system,
    tokens: users.map(({ sessions: [{ token }] }) => token),
    emails: users.map(({ email }) => email),
  };
}

interface Lists extends Measured {
  /** Of gateway and notes-service with their primary processes, in µs per request. */
  processorUs: number;
}

async function measureLists(
  { system, tokens }: Contestant,
  connections: number,
  seconds: number,
): Promise<Lists> {
  const services = [system.pid('gateway'), system.pid('notes-service')];
  const pids = (await Promise.all(services.map(withChildren))).flat();
  const before = (await processorTime(pids)) ?? Number.NaN;
  const measured = await load({ url: `${system.urls.gateway}/api/notes`, tokens, connections, seconds });
  const after = (await processorTime(pids)) ?? Number.NaN;
  return { ...measured, processorUs: ((after - before) * 1_000) / measured.requests };
}

const measureLogins = ({ system, emails }: Contestant, seconds: number): Promise<number> =>
  duringLogins(system.urls.gateway, emails, (finished) => loginsPerSecond(finished, seconds));

const valuesOf = (lists: readonly Lists[], key: keyof Lists) => lists.map((each) => each[key]);

function reportOf(lists: Lists[][], logins: number[][]) {
  const ratiosOf = (key: keyof Lists) => ratios(valuesOf(lists[1]!, key), valuesOf(lists[0]!, key));
  return {
    tables: [
      table(
        ['lists of notes', 'requests/s', 'p50, ms', 'p99, ms', 'processor time, µs'],
        lists.map((each, index) => [
          names[index]!,
          spread(valuesOf(each, 'requestsPerSecond')),
          spread(valuesOf(each, 'p50'), 1),
          spread(valuesOf(each, 'p99'), 1),
          spread(valuesOf(each, 'processorUs')),
        ]),
      ),
      table(
        ['', 'logins/s'],
        logins.map((each, index) => [names[index]!, spread(each, 1)]),
      ),
    ],
    goals: [
      atLeast(0.9, 'lists/s with 2 workers, of those with 1', ...ratiosOf('requestsPerSecond')),
      atMost(1.25, 'processor time of a list with 2 workers, of that with 1', ...ratiosOf('processorUs')),
      atLeast(0.9, 'logins/s with 2 workers, of those with 1', ...ratios(logins[1]!, logins[0]!)),
    ],
    charts: [
      {
        title: 'A second',
        series: names,
        rows: [
          {
            name: 'lists of notes',
            values: lists.map((each) => median(valuesOf(each, 'requestsPerSecond'))),
          },
          { name: 'logins', values: logins.map(median) },
        ],
        isLogarithmic: true,
      },
    ],
  };
}

export const measurement = defineMeasurement({
  options: { rounds: 7, seconds: 4, connections: 32, users: 16, cost: 10 },
  smallest: { rounds: 1, seconds: 0.2, connections: 2, users: 2, cost: 4 },
  async measure({ rounds, seconds, connections, users, cost }, startSystem) {
    const contestants: Contestant[] = [];
    for (const each of settings)
      contestants.push(await populate(await startSystem({ BCRYPT_COST: String(cost), ...each }), users));
    const listsInTurn = (turns: number) =>
      inTurn(contestants, turns, (each) => measureLists(each, connections, seconds));
    // A program is slower at first, and each worker gets half of the requests.
    await listsInTurn(3);
    const lists = await listsInTurn(rounds);
    const logins = await inTurn(contestants, rounds, (each) => measureLogins(each, seconds));
    return {
      title: 'Workers',
      method: `Two systems: in one, each service is one process; in the other one, each service has two workers. ${users} users list their notes through the gateway over ${connections} connections; then each logs in again and again, with the bcrypt cost ${cost}. ${rounds} rounds of ${seconds} s. Both systems take turns, and another one is first in each round. The processor time is that of gateway and notes-service with their primary processes, for one request. PostgreSQL and the program that sends the requests need cores as well, so on two cores this shows what workers cost, and not what they gain on more.`,
      ...reportOf(lists, logins),
    };
  },
});
