// npm run bench -- list: measures a list of 20 notes against the bare floor of node:http and pg. See ../README.md.
import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { freePort } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { onTestSystem } from './on-test-system.ts';
import { registerUsers } from './people.ts';
import { percentile } from './percentile.ts';
import { send } from './requests.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, seconds: { type: 'string', default: '2' } },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const warmUp = 5_000;
const notes = 500;
const connections = [1, 32];

const autocannon = createRequire(import.meta.url).resolve('autocannon');

interface Target {
  url: string;
  token: string;
}

interface Load {
  requests: { total: number };
  duration: number;
  non2xx: number;
  errors: number;
}

/** Sends requests over `count` connections from a process of its own, and returns how many were answered per second. */
async function load({ url, token }: Target, count: number, ...until: string[]): Promise<number> {
  const how = ['--json', '--no-progress', '--connections', String(count), ...until];
  const what = ['--headers', `Authorization=Bearer ${token}`, url];
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...how, ...what]);
  const { requests, duration, non2xx, errors } = JSON.parse(stdout) as Load;
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} refusals, ${errors} errors`);
  return requests.total / duration;
}

/** Gives the user notes of some hundred characters, as most are. */
async function seedNotes(databaseUrl: string, userId: string): Promise<void> {
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

async function startFloor(databaseUrl: string, userId: string) {
  const port = await freePort();
  const child = fork(fileURLToPath(new URL('floor-server.ts', import.meta.url)), {
    env: { ...process.env, DATABASE_URL: databaseUrl, USER_ID: userId, PORT: String(port) },
  });
  return { url: `http://127.0.0.1:${port}/`, stop: () => child.kill() };
}

/** Both must answer with the same notes. Their cursors differ. */
async function compareAnswers(targets: Target[]): Promise<void> {
  const answers = await Promise.all(targets.map(({ url, token }) => send(url, { token })));
  const [expected, actual] = answers.map(({ body }) => (body as { items: unknown }).items);
  assert.deepStrictEqual(actual, expected);
}

async function measure(system: TestSystem): Promise<void> {
  const [user] = await registerUsers([system], 1);
  await seedNotes(system.databaseUrl, user!.id);
  const { token } = user!.sessions[0];
  const floor = await startFloor(system.databaseUrl, user!.id);
  const targets = [
    { url: floor.url, token },
    { url: `${system.urls['notes-service']}/api/notes`, token },
  ] as [Target, Target];
  try {
    for (const service of ['gateway', 'user-service'] as const) await system.stop(service);
    for (const target of targets) await load(target, 8, '--amount', String(warmUp));
    await compareAnswers(targets);
    const rows = [];
    for (const count of connections) rows.push(await compare(targets, count));
    console.table(rows);
  } finally {
    floor.stop();
  }
}

const median = (values: number[]) => percentile(values, 0.5);

/** Loads both in turn. The one that is first changes every round. */
async function compare(targets: [Target, Target], count: number) {
  const rates: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? targets : targets.toReversed();
    const ofRound = [];
    for (const target of order) ofRound.push(await load(target, count, '--duration', String(seconds)));
    rates.push((round % 2 === 0 ? ofRound : ofRound.toReversed()) as [number, number]);
  }
  const ratios = rates.map(([floor, service]) => service / floor);
  return {
    connections: count,
    'floor, requests/s': Math.round(median(rates.map(([floor]) => floor))),
    'service, requests/s': Math.round(median(rates.map(([, service]) => service))),
    ratio: median(ratios).toFixed(2),
    'middle half': `${percentile(ratios, 0.25).toFixed(2)}–${percentile(ratios, 0.75).toFixed(2)}`,
  };
}

await onTestSystem(measure, { LOG_LEVEL: 'info' });
