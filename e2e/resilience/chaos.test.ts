// Twenty clients send a thousand random requests while services are killed at random for a minute. Afterwards the stores must
// agree: no acknowledged note is lost, and nothing remains of a deleted user. Prints its seed; TEST_SEED repeats a run.
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { login, until, type CallOptions, type Client } from '@polyglot-notes/service-kit/testing';
import { noDrift, runReconcile } from './reconcile-command.ts';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

const seed = Number(process.env['TEST_SEED'] ?? randomInt(2 ** 31));
const clients = 20;
const operationsEach = 50;
const chaosMs = 60_000;

/** The generator mulberry32: a sequence of numbers from 0 to 1, the same for the same seed. */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Person {
  email: string;
  password: string;
  username: string;
  id: string;
  token: string;
  /** The ids of the acknowledged notes. */
  notes: string[];
  /** Whether a deletion was requested, and whether it was acknowledged. */
  fate: 'alive' | 'maybe deleted' | 'deleted';
}

let system: System;
let stores: Stores;
let admin: Client;
beforeAll(async () => {
  system = await startSystem({ INTERNAL_TIMEOUT_MS: '500', UPSTREAM_TIMEOUT_MS: '3000' });
  stores = await openStores(system);
  admin = await system.asAdmin();
});
afterAll(async () => {
  await stores.close();
  await system.close();
});

const people: Person[] = [];
const seen = new Map<string, number>();

/** Sends a request; undefined when the gateway itself was killed meanwhile. */
async function attempt(
  name: string,
  method: string,
  path: string,
  options: CallOptions,
  caller = system.api,
) {
  const answer = await caller.call(method, path, options).catch(() => undefined);
  const outcome = `${name}: ${answer?.status ?? 'no answer'}`;
  seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  return answer;
}

const asAdmin = (name: string, method: string, { id }: Person, body?: object) =>
  attempt(name, method, `/api/users/${id}`, { body }, admin);

const operations: [weight: number, (someone: Person, unique: string) => Promise<unknown>][] = [
  [15, (_someone, unique) => register(unique)],
  [15, logInAgain],
  [35, writeNote],
  [
    10,
    ({ token }, unique) =>
      attempt('update-me', 'PATCH', '/api/users/update-me', { token, body: { bio: unique } }),
  ],
  [8, (someone) => asAdmin('deactivate', 'PATCH', someone, { status: 'deactivated' })],
  [8, (someone) => asAdmin('restore', 'PATCH', someone, { status: 'active' })],
  [3, (someone) => asAdmin('promote', 'PATCH', someone, { role: 'admin' })],
  [3, (someone) => asAdmin('demote', 'PATCH', someone, { role: 'user' })],
  [3, deleteAccount],
];

async function register(unique: string): Promise<void> {
  const account = { email: `${unique}@example.com`, password: `correct horse ${unique}`, username: unique };
  const answer = await attempt('register', 'POST', '/api/auth/register', { body: account });
  if (answer?.status !== 201) return;
  const { user, accessToken } = answer.body;
  people.push({ ...account, id: user.id, token: accessToken, notes: [], fate: 'alive' });
}

async function logInAgain(someone: Person): Promise<void> {
  const { email, password } = someone;
  const answer = await attempt('login', 'POST', '/api/auth/login', { body: { email, password } });
  if (answer?.status === 200) someone.token = answer.body.accessToken;
}

async function writeNote({ token, notes }: Person, unique: string): Promise<void> {
  const answer = await attempt('note', 'POST', '/api/notes', { token, body: { title: unique } });
  if (answer?.status === 201) notes.push(answer.body.id);
}

async function deleteAccount(someone: Person): Promise<void> {
  const answer = await asAdmin('delete', 'DELETE', someone);
  if (answer !== undefined && [200, 202].includes(answer.status)) someone.fate = 'deleted';
  else if (someone.fate === 'alive') someone.fate = 'maybe deleted';
}

async function client(index: number): Promise<void> {
  const random = randomNumbers(seed + index);
  const total = operations.reduce((sum, [weight]) => sum + weight, 0);
  for (let number = 0; number < operationsEach; number++) {
    const unique = `c${index}-${number}-${seed.toString(36)}`;
    const someone = people[Math.floor(random() * people.length)];
    let place = random() * total;
    const [, operation] = operations.find(([weight]) => (place -= weight) < 0)!;
    if (someone === undefined) await register(unique);
    else await operation(someone, unique);
    await delay((random() * 2 * chaosMs) / operationsEach);
  }
}

/** Kills one or two services at a time and starts them again; returns the number of kills. */
async function chaos(): Promise<number> {
  const random = randomNumbers(seed - 1);
  const services = ['auth-service', 'user-service', 'notes-service', 'gateway'] as const;
  const end = Date.now() + chaosMs;
  let kills = 0;
  while (Date.now() < end) {
    await delay(random() * 1_500);
    const start = Math.floor(random() * services.length);
    const victims = [...services, ...services].slice(start, start + (random() < 0.3 ? 2 : 1));
    await Promise.all(victims.map((service) => system.stop(service, 'SIGKILL')));
    kills += victims.length;
    await delay(random() * 1_000);
    await system.start(...victims);
  }
  return kills;
}

const pending = { 'delivery.since': { $exists: true } };

async function notesOf(id: string): Promise<string[]> {
  const { rows } = await stores.sql('select id from notes where user_id = $1', [id]);
  return rows.map((row: { id: string }) => row.id);
}

describe('a thousand random operations while services are killed', () => {
  test('leave the three stores in agreement, lose no note, and keep nothing of a deleted user', async () => {
    console.info(`TEST_SEED=${seed}`);
    const [kills] = await Promise.all([
      chaos(),
      ...Array.from({ length: clients }, (_, index) => client(index)),
    ]);
    const done = [...seen.values()].reduce((sum, count) => sum + count, 0);
    const outcomes = [...seen].map(([outcome, count]) => `${outcome}: ${count}`).toSorted();
    console.info(`${done} operations, ${kills} kills, ${people.length} people\n${outcomes.join('\n')}`);
    expect(done).toBe(clients * operationsEach);
    expect([...seen.keys()].filter((outcome) => outcome.endsWith(' 500'))).toEqual([]);

    await until(async () => (await stores.profiles.countDocuments(pending)) === 0);
    await until(async () => (await stores.credentials.countDocuments(pending)) === 0);
    await until(() => stores.isActiveAdminSetRight(), 30_000);
    expect(await runReconcile(system)).toEqual(noDrift);

    const faults: string[] = [];
    for (const person of people) faults.push(...(await faultsOf(person)));
    expect(faults).toEqual([]);
  }, 300_000);
});

/** The differences between the stores and the acknowledged requests of a user. */
async function faultsOf({ id, email, password, notes, fate }: Person): Promise<string[]> {
  const kept = await notesOf(id);
  const left = {
    profiles: await stores.profiles.countDocuments({ _id: id, state: 'present' }),
    credentials: await stores.credentials.countDocuments({ _id: id }),
    notes: kept.length,
  };
  const isGone = Object.values(left).every((count) => count === 0);
  if (isGone) return fate === 'alive' ? [`${id} is missing without a deletion`] : [];
  if (fate === 'deleted') return [`${id} was deleted, and there is left: ${JSON.stringify(left)}`];
  const lost = notes.filter((note) => !kept.includes(note));
  const { status } = await login(system.api, { email, password });
  return [
    ...lost.map((note) => `${id} has lost the note ${note}`),
    ...([200, 403].includes(status) ? [] : [`${id} cannot log in: ${status}`]),
  ];
}
