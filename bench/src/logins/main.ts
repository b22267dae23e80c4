// npm run bench -- logins: measures logins, and what they cost other requests. See ../../README.md.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '@polyglot-notes/service-kit/testing';
import { atLeast, atMost } from '../measuring/goals.ts';
import { defineMeasurement } from '../measuring/measurement.ts';
import { percentile } from '../measuring/percentile.ts';
import type { Chart } from '../measuring/plot.ts';
import { inTurn, median, ratios, spread } from '../measuring/rounds.ts';
import { table } from '../measuring/table.ts';
import { password, registerUsers } from '../people.ts';
import { at, send } from '../requests.ts';

interface Requests {
  url: string;
  token: string;
  perSecond: number;
  seconds: number;
}

/** Sends requests on schedule, without waiting for earlier answers. Returns the response times in ms. */
async function sendOnSchedule({ url, token, perSecond, seconds }: Requests): Promise<number[]> {
  const began = performance.now();
  const sending = Array.from({ length: Math.ceil(seconds * perSecond) }, async (_, index) => {
    await at(began + (index * 1_000) / perSecond);
    const { status, sentAt, answeredAt } = await send(url, { token });
    if (status !== 200) throw new Error(`A request was answered by ${status}`);
    return answeredAt - sentAt;
  });
  return Promise.all(sending);
}

/** Keeps one login of each account in progress while the work runs. The work gets the number of finished logins. */
export async function duringLogins<Result>(
  gateway: string,
  emails: readonly string[],
  work: (finished: () => number) => Promise<Result>,
): Promise<Result> {
  let [isDone, finished] = [false, 0];
  const loggingIn = Promise.all(
    emails.map(async (email) => {
      while (!isDone) {
        const body = { email, password };
        const { status } = await send(`${gateway}/api/auth/login`, { method: 'POST', body });
        if (status !== 200) throw new Error(`A login was answered by ${status}`);
        finished++;
      }
    }),
  );
  const working = until(() => finished >= emails.length).then(() => work(() => finished));
  try {
    return await Promise.race([working, loggingIn.then(() => working)]);
  } finally {
    isDone = true;
    await loggingIn;
  }
}

/** Counts the logins that finish within some seconds. */
export async function loginsPerSecond(finished: () => number, seconds: number): Promise<number> {
  const [began, before] = [performance.now(), finished()];
  await at(began + seconds * 1_000);
  return ((finished() - before) * 1_000) / (performance.now() - began);
}

async function bcryptPerSecond(cost: number, seconds: number): Promise<number> {
  const file = join(import.meta.dirname, 'bcrypt-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [file, String(cost), String(seconds)]);
  return Number(stdout);
}

const p50 = (times: number[]) => percentile(times, 0.5);
const p99 = (times: number[]) => percentile(times, 0.99);

interface Rounds {
  /** The response times of the requests, alone and during logins. */
  idle: number[][];
  busy: number[][];
  /** Logins per second, and the most that the machine can do. */
  rates: number[];
  most: number[];
}

const chartsOf = ({ idle, busy, rates, most }: Rounds): Chart[] => [
  {
    title: 'Response time of a list of notes, ms',
    series: ['alone', 'during logins'],
    rows: [
      { name: 'p50', values: [idle, busy].map((times) => median(times.map(p50))) },
      { name: 'p99', values: [idle, busy].map((times) => median(times.map(p99))) },
    ],
  },
  {
    title: 'A second',
    series: ['logins', 'bcrypt on all cores'],
    rows: [{ name: '', values: [median(rates), median(most)] }],
  },
];

export const measurement = defineMeasurement({
  options: { rounds: 5, seconds: 8, logins: 20, rate: 100, cost: 12 },
  smallest: { rounds: 1, seconds: 0.2, logins: 2, rate: 20, cost: 4 },
  async measure({ rounds, seconds, logins, rate, cost }, startSystem) {
    const { urls, admin } = await startSystem({ BCRYPT_COST: String(cost) });
    const users = await registerUsers([{ urls, admin }], logins);
    const emails = users.map(({ email }) => email);
    const requests = {
      url: `${urls.gateway}/api/notes`,
      token: users[0]!.sessions[0].token,
      perSecond: rate,
      seconds,
    };
    await sendOnSchedule(requests);
    const turns: (() => Promise<number[]>)[] = [
      () => sendOnSchedule(requests),
      () => duringLogins(urls.gateway, emails, () => sendOnSchedule(requests)),
      () =>
        duringLogins(urls.gateway, emails, async (finished) => [await loginsPerSecond(finished, seconds)]),
      async () => [await bcryptPerSecond(cost, seconds)],
    ];
    const measured = await inTurn(turns, rounds, (turn) => turn());
    const [idle, busy] = measured as [number[][], number[][]];
    const [rates, threads] = measured.slice(2).map((of) => of.flat()) as [number[], number[]];
    const most = threads.map((perSecond) => perSecond * availableParallelism());
    const rowOf = (name: string, times: number[][]) => [
      name,
      spread(times.map(p50), 1),
      spread(times.map(p99), 1),
    ];
    return {
      title: 'Logins',
      method: `${rate} lists of notes a second are sent on schedule through the gateway, alone and while ${logins} logins are always in progress. Then the logins are alone, and then one thread compares a password by bcrypt. ${rounds} rounds of ${seconds} s each, and another one is first in each round. The bcrypt cost is ${cost}.`,
      tables: [
        table(['lists of notes', 'p50, ms', 'p99, ms'], [rowOf('alone', idle), rowOf('during logins', busy)]),
        table(
          ['', 'per second'],
          [
            ['logins', spread(rates, 1)],
            ['bcrypt in one thread', spread(threads, 1)],
            [`bcrypt in one thread × ${availableParallelism()} cores`, spread(most, 1)],
          ],
        ),
      ],
      goals: [
        atMost(
          2,
          'p99 of a list of notes during logins, of that alone',
          ...ratios(busy.map(p99), idle.map(p99)),
        ),
        atLeast(0.85, 'logins/s, of bcrypt on all cores', ...ratios(rates, most)),
      ],
      charts: chartsOf({ idle, busy, rates, most }),
    };
  },
});
