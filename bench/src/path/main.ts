// npm run bench -- path: measures a list of 20 notes against the bare floor of node:http and pg. See ../../README.md.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import pg from 'pg';
import { bareHpm, startBareHpm } from '../gateway/contestants.ts';
import { startProgram } from '../gateway/program.ts';
import { atLeast } from '../measuring/goals.ts';
import { load, type Measured } from '../measuring/load.ts';
import { defineMeasurement } from '../measuring/measurement.ts';
import { inTurn, median, ratios, spread } from '../measuring/rounds.ts';
import { table } from '../measuring/table.ts';
import { registerUsers } from '../people.ts';
import { send } from '../requests.ts';

const notes = 500;
const wanted = new Map([
  [1, 0.5],
  [32, 0.55],
]);
const names = [
  'node:http and pg',
  'notes-service',
  `${bareHpm} and notes-service`,
  'gateway and notes-service',
];

/** Gives the user notes of some hundred characters, as most are. */
export async function seedNotes(databaseUrl: string, userId: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at)
     select gen_random_uuid(), $1, 'Note ' || number, repeat('Lorem ipsum dolor sit amet. ', 10), '{work,home}',
            false, false, 1, now() - number * interval '1 minute', now() - number * interval '1 minute'
     from generate_series(1, $2) as number`,
    [userId, notes],
  );
  await client.query('vacuum analyze notes');
  await client.end();
}

/** All must answer with the same notes. Their cursors differ. */
async function compareAnswers(urls: readonly string[], token: string): Promise<void> {
  const answers = await Promise.all(urls.map((url) => send(url, { token })));
  const [expected, ...others] = answers.map(({ body }) => (body as { items: unknown }).items);
  for (const items of others) assert.deepStrictEqual(items, expected);
}

const rate = ({ requestsPerSecond }: Measured) => requestsPerSecond;

/** A row for each contestant. */
function rowsOf(connections: number, measured: readonly Measured[][]): string[][] {
  const floor = measured[0]!.map(rate);
  return measured.map((of, index) => [
    String(connections),
    names[index]!,
    spread(of.map(rate)),
    spread(ratios(of.map(rate), floor), 2),
    spread(
      of.map(({ p50 }) => p50),
      1,
    ),
    spread(
      of.map(({ p99 }) => p99),
      1,
    ),
  ]);
}

export const measurement = defineMeasurement({
  options: { rounds: 11, seconds: 2, connections: [1, 32] },
  smallest: { rounds: 1, seconds: 0.2, connections: [1] },
  async measure({ rounds, seconds, connections }, startSystem) {
    const system = await startSystem();
    const [user] = await registerUsers([system], 1);
    await seedNotes(system.databaseUrl, user!.id);
    const { token } = user!.sessions[0];
    const floor = await startProgram(join(import.meta.dirname, 'floor-server.ts'), {
      DATABASE_URL: system.databaseUrl,
      USER_ID: user!.id,
    });
    const { 'notes-service': notesService, gateway } = system.urls;
    const bareProxy = await startBareHpm({ upstream: notesService });
    try {
      const urls = [floor.url, notesService, bareProxy.url, gateway].map((url) => `${url}/api/notes`);
      await compareAnswers(urls, token);
      const found: { count: number; measured: Measured[][] }[] = [];
      for (const count of connections) {
        const loadFor = (duration: number, url: string) =>
          load({ url, tokens: [token], connections: count, seconds: duration });
        for (const url of urls) await loadFor(seconds * 4, url);
        const measured = await inTurn(urls, rounds, async (url) => {
          // A process that has been idle is slower for a while.
          await loadFor(seconds / 3, url);
          return loadFor(seconds, url);
        });
        found.push({ count, measured });
      }
      return {
        title: 'A list of 20 notes',
        method: `A user with ${notes} notes reads the first page: from a bare server of node:http and pg, which is the floor, from notes-service, and through ${bareHpm} without features, or the gateway. ${rounds} rounds of ${seconds} s. All take turns, and another one is first in each round.`,
        tables: [
          table(
            ['connections', 'from', 'requests/s', 'of the floor', 'p50, ms', 'p99, ms'],
            found.flatMap(({ count, measured }) => rowsOf(count, measured)),
          ),
        ],
        goals: found.flatMap(({ count, measured: [base, , , whole] }) => {
          const goal = wanted.get(count);
          if (goal === undefined) return [];
          const what = `requests/s through everything, of node:http and pg, connections: ${count}`;
          return [atLeast(goal, what, ...ratios(whole!.map(rate), base!.map(rate)))];
        }),
        charts: [
          {
            title: 'requests/s',
            series: found.map(({ count }) => `connections: ${count}`),
            rows: names.map((name, index) => ({
              name,
              values: found.map(({ measured }) => median(measured[index]!.map(rate))),
            })),
          },
        ],
      };
    } finally {
      await Promise.all([floor.stop(), bareProxy.stop()]);
    }
  },
});
