// Signing keys are rotated three times and encrypted again while clients use two instances of every service. Requests count,
// not times: a slow machine only sends fewer of them.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { root, type TestSystem } from '@polyglot-notes/local-stack/testing';
import {
  createClient,
  login,
  logIn,
  newUser,
  until,
  type Answer,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

type Instance = Pick<TestSystem, 'urls' | 'start' | 'stop' | 'changeSecrets' | 'environmentOf' | 'close'>;

// Less than the setting accepts, so services also meet tokens of a key that they have not read yet.
const leadSeconds = 12;
// Forty requests a second, unless so many are still running.
const intervalMs = 25;
const maxRunning = 12;

let system: System;
let stores: Stores;
let twin: Instance;
let instances: Instance[];
let users: User[];
/** Logs in so often that its earlier sessions end. */
let observer: User;
beforeAll(async () => {
  system = await startSystem({
    UPSTREAM_TIMEOUT_MS: '60000',
    INTERNAL_TIMEOUT_MS: '20000',
  });
  stores = await openStores(system);
  twin = await system.twin();
  instances = [system, twin];
  // So many that none of them reaches the limit of sessions.
  users = [];
  for (let i = 0; i < 25; i++) users.push(await newUser(system.api));
  observer = await newUser(system.api);
});
afterAll(async () => {
  await stores?.close();
  await twin?.close();
  await system?.close();
});

/** Runs the command of auth-service like an operator. */
function runKeys(args: string[], environment = system.environmentOf('auth-service')) {
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'auth-service/src/keys.ts'), ...args],
      { env: { PATH: process.env['PATH'], ...environment } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

/** Rotates, and shortens the time until the new key signs to `leadSeconds`. */
async function rotate(): Promise<void> {
  expect(await runKeys(['rotate'])).toMatchObject({ code: 0 });
  const newest = await stores.signingKeys.findOne({}, { sort: { sequence: -1 } });
  const signsFrom = new Date(Date.now() + leadSeconds * 1_000);
  await stores.signingKeys.updateOne({ _id: newest!._id }, { $set: { signsFrom } });
}

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)]!;

/**
 * Sends requests until `stop`. A restarted service is unavailable for a while, and so is one on a busy machine; but no
 * answer may ever refuse a request.
 */
function startLoad(adminToken: string) {
  const old = users.map(({ token }) => token);
  const recent: string[] = [];
  const [refused, unavailable] = [new Map<string, number>(), new Map<string, number>()];
  const running = new Set<Promise<void>>();
  let restarts = 0;
  let answered = 0;
  let isStopping = false;

  async function logInAgain(): Promise<Answer> {
    const answer = await login(createClient(pick(instances).urls.gateway), pick(users));
    if (answer.status === 200) recent.push(answer.body.accessToken);
    if (recent.length > 50) recent.shift();
    return answer;
  }

  const get = (url: string, path: string, token: string) => createClient(url).call('GET', path, { token });
  const token = () => (recent.length > 0 && Math.random() < 0.7 ? pick(recent) : pick(old));
  const requests: Record<string, () => Promise<Answer>> = {
    login: logInAgain,
    'notes through the gateway': () => get(pick(instances).urls.gateway, '/api/notes', token()),
    'profile through the gateway': () => get(pick(instances).urls.gateway, '/api/users/me', token()),
    'sessions through the gateway': () => get(pick(instances).urls.gateway, '/api/auth/sessions', token()),
    notes: () => get(pick(instances).urls['notes-service'], '/api/notes', token()),
    profile: () => get(pick(instances).urls['user-service'], '/api/users/me', token()),
    sessions: () => get(pick(instances).urls['auth-service'], '/api/auth/sessions', token()),
    'an operation of an admin': () => get(pick(instances).urls.gateway, '/api/users?limit=1', adminToken),
  };

  async function send(name: string): Promise<void> {
    const restartsBefore = restarts;
    const answer = await requests[name]!().catch(() => undefined);
    if (answer?.status === 200) answered++;
    else {
      const isUnavailable = answer === undefined || [502, 503, 504].includes(answer.status);
      const isRestart = restartsBefore % 2 === 1 || restarts !== restartsBefore;
      const outcomes = isUnavailable ? unavailable : refused;
      const when = isRestart ? ' during a restart' : '';
      const outcome = `${name}: ${answer?.status ?? 'no answer'} ${answer?.body?.code ?? ''}${when}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }

  async function load(): Promise<void> {
    while (!isStopping) {
      if (running.size < maxRunning) {
        const sent: Promise<void> = send(pick(Object.keys(requests))).finally(() => running.delete(sent));
        running.add(sent);
      }
      await delay(intervalMs);
    }
    await Promise.all(running);
  }
  const ended = load();

  return {
    /** The number of good answers so far. */
    answered: () => answered,
    async whileRestarting(run: () => Promise<void>): Promise<void> {
      restarts++;
      await run();
      restarts++;
    },
    async stop() {
      isStopping = true;
      await ended;
      return { refused: Object.fromEntries(refused), unavailable: Object.fromEntries(unavailable), answered };
    },
  };
}

/** Resolves when every instance of auth-service signs with another key than `before`. Returns that key. */
async function untilRotated(before: string): Promise<string> {
  const kids = new Set<string>();
  for (const { urls } of instances) {
    const client = createClient(urls['auth-service']);
    let kid = before;
    await until(async () => {
      kid = kidOf(await logIn(client, observer));
      return kid !== before;
    }, 120_000);
    kids.add(kid);
  }
  expect(kids.size).toBe(1);
  return [...kids][0]!;
}

async function restart(instance: Instance, service: 'auth-service' | 'notes-service'): Promise<void> {
  await instance.stop(service);
  await instance.start(service);
}

test('three rotations, restarts and a new KEY_ENCRYPTION_KEY refuse no request', async () => {
  const adminToken = await logIn(system.api, system.admin);
  const kids = [kidOf(adminToken)];
  const load = startLoad(adminToken);

  for (const restarted of [undefined, 'auth-service', 'notes-service'] as const) {
    await rotate();
    if (restarted !== undefined) await load.whileRestarting(() => restart(system, restarted));
    kids.push(await untilRotated(kids.at(-1)!));
    const enough = load.answered() + 100;
    await until(() => load.answered() >= enough, 120_000);
  }
  expect(new Set(kids).size).toBe(4);

  const { KEY_ENCRYPTION_KEY: old = '' } = system.environmentOf('auth-service');
  const current = randomBytes(32).toString('base64');
  for (const instance of instances) {
    instance.changeSecrets({ KEY_ENCRYPTION_KEY: current, KEY_ENCRYPTION_KEY_PREVIOUS: old });
    await load.whileRestarting(() => restart(instance, 'auth-service'));
  }
  expect(await runKeys(['reseal'])).toMatchObject({
    code: 0,
    output: expect.stringContaining('4 of them newly'),
  });
  for (const instance of instances) {
    instance.changeSecrets({ KEY_ENCRYPTION_KEY: current });
    await load.whileRestarting(() => restart(instance, 'auth-service'));
  }
  const { output } = await runKeys(['list']);
  expect(output.match(/ current$/gm)).toHaveLength(4);
  expect(kidOf(await logIn(system.api, observer))).toBe(kids.at(-1));

  const { refused, unavailable, answered } = await load.stop();
  console.info(`${answered} requests answered; unavailable: ${JSON.stringify(unavailable)}`);
  expect(refused).toEqual({});
});

test('the tokens of a retired key are refused, and its users log in again', async () => {
  const [user] = users;
  const kid = kidOf(user!.token);
  expect(await runKeys(['retire', kid])).toMatchObject({
    code: 1,
    output: expect.stringContaining('If the key has leaked, use --now'),
  });
  expect(await runKeys(['retire', kid, '--now'])).toMatchObject({ code: 0 });
  const atAuth = createClient(system.urls['auth-service']);
  await until(
    async () => (await atAuth.call('GET', '/api/auth/sessions', { token: user!.token })).status === 401,
  );
  expect((await login(atAuth, user!)).status).toBe(200);
});

test('the command says what is wrong', async () => {
  const usage = expect.stringContaining('Usage: keys <command>');
  expect(await runKeys(['remove'])).toEqual({ code: 2, output: usage });
  expect(await runKeys(['retire', 'nonsense'])).toEqual({
    code: 1,
    output: 'There is no key nonsense. See the keys with "list".\n',
  });
});
