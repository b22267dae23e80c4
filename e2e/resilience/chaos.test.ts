// Twenty clients send a thousand random requests while services are killed at random for 50 seconds. Afterwards the stores must
// agree: no acknowledged write of notes is lost, nothing remains of a deleted user, and each client is logged in or out everywhere, as
// it was told. Prints its seed; TEST_SEED repeats a run.
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  login,
  randomNumbers,
  until,
  type CallOptions,
  type Client,
} from '@polyglot-notes/service-kit/testing';
import { noDrift, runReconcile } from './reconcile-command.ts';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

const seed = Number(process.env['TEST_SEED'] ?? randomInt(2 ** 31));
const clients = 20;
const operationsEach = 50;
const chaosMs = 50_000;

/** A note with what its owner was told last. */
interface OwnNote {
  id: string;
  version: number;
  content: string;
  isTrashed: boolean;
  /** Whether no change without an answer may have taken effect. */
  isSure: boolean;
  /** A note is changed once at a time. */
  isBusy: boolean;
}

interface Person {
  email: string;
  /** The password, and those of changes whose answer was lost. The one that worked last is the first. */
  passwords: string[];
  username: string;
  id: string;
  devices: Device[];
  /** The acknowledged notes. */
  notes: OwnNote[];
  /** Whether a deletion was requested, and whether it was acknowledged. */
  fate: 'alive' | 'maybe deleted' | 'deleted';
  /** How many requests to revoke sessions were sent, and how many of them may still take effect. */
  revocations: { sent: number; open: number };
}

/** A client that has logged in, with the tokens that it holds. */
interface Device {
  sessionId: string;
  accessToken: string;
  refreshToken: string;
  /** Whether a request to end the session was sent, and whether it was acknowledged. */
  fate: 'in' | 'maybe out' | 'out';
  /** A client refreshes and changes the password once at a time. */
  isBusy: boolean;
}

let system: System;
let stores: Stores;
let admin: Client;
beforeAll(async () => {
  // With the longest grace period, a client may repeat a refresh until the end of the test.
  const settings = { INTERNAL_TIMEOUT_MS: '500', UPSTREAM_TIMEOUT_MS: '3000', REFRESH_GRACE_SECONDS: '300' };
  system = await startSystem(settings);
  stores = await openStores(system);
  admin = await system.asAdmin();
});
afterAll(async () => {
  await stores.close();
  await system.close();
});

const people: Person[] = [];
const seen = new Map<string, number>();
const faults: string[] = [];

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

type Operation = (someone: Person, device: Device, unique: string) => Promise<unknown>;

const operations: [weight: number, operation: Operation][] = [
  [10, (_someone, _device, unique) => register(unique)],
  [12, logInAgain],
  [8, createNote],
  [4, createBatch],
  [3, importNotes],
  [
    6,
    (someone, device, content) =>
      changeNote(someone, device, { name: 'patch', method: 'PATCH', body: { content }, after: { content } }),
  ],
  [
    4,
    (someone, device) =>
      changeNote(someone, device, { name: 'trash', method: 'DELETE', after: { isTrashed: true } }),
  ],
  [
    4,
    (someone, device) =>
      changeNote(someone, device, {
        name: 'untrash',
        method: 'POST',
        path: '/restore',
        after: { isTrashed: false },
      }),
  ],
  [
    8,
    (_someone, { accessToken: token }, unique) =>
      attempt('update-me', 'PATCH', '/api/users/update-me', { token, body: { bio: unique } }),
  ],
  [15, refresh],
  [4, (someone, device) => logOut('logout', someone, device, { token: device.accessToken })],
  [4, (someone, device) => logOut('logout by refresh token', someone, device, { body: inBody(device) })],
  [2, (someone, device) => logOutAll(someone, { token: device.accessToken })],
  [1, (someone, device) => logOutAll(someone, { body: inBody(device) })],
  [4, updatePassword],
  [4, listSessions],
  [4, endAnotherSession],
  [3, (someone) => endSessionsAsAdmin(someone)],
  [4, (someone) => deactivate(someone)],
  [6, (someone) => asAdmin('restore', 'PATCH', someone, { status: 'active' })],
  [3, (someone) => asAdmin('promote', 'PATCH', someone, { role: 'admin' })],
  [3, (someone) => asAdmin('demote', 'PATCH', someone, { role: 'user' })],
  [2, deleteAccount],
];

const inBody = ({ refreshToken }: Device) => ({ refreshToken });
type Answered = Awaited<ReturnType<typeof attempt>>;

/** Whether the request may or may not have taken effect. */
const isLost = (answer: Answered) => answer === undefined || answer.status >= 500;
const isDone = (answer: Answered): answer is NonNullable<Answered> =>
  answer !== undefined && answer.status < 300;

const sessionIdOf = (accessToken: string): string =>
  JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()).sid;

type Tokens = Pick<Device, 'accessToken' | 'refreshToken'>;

const newDevice = ({ accessToken, refreshToken }: Tokens, fate: Device['fate']): Device => ({
  sessionId: sessionIdOf(accessToken),
  accessToken,
  refreshToken,
  fate,
  isBusy: false,
});

async function register(unique: string): Promise<void> {
  const account = { email: `${unique}@example.com`, password: `correct horse ${unique}`, username: unique };
  const answer = await attempt('register', 'POST', '/api/auth/register', { body: account });
  if (answer?.status !== 201) return;
  const { email, username, password } = account;
  const devices = [newDevice(answer.body, 'in')];
  const { id } = answer.body.user;
  const revocations = { sent: 0, open: 0 };
  people.push({ id, email, username, passwords: [password], devices, notes: [], fate: 'alive', revocations });
}

async function logInAgain(someone: Person): Promise<void> {
  const { email, passwords, revocations } = someone;
  const before = revocations.sent;
  const password = passwords[0]!;
  const answer = await attempt('login', 'POST', '/api/auth/login', { body: { email, password } });
  if (answer?.status === 401 && passwords[0] === password) passwords.push(passwords.shift()!);
  if (answer?.status !== 200) return;
  const isSure = revocations.open === 0 && revocations.sent === before;
  someone.devices.push(newDevice(answer.body, isSure ? 'in' : 'maybe out'));
}

/** Sends a request that ends sessions. They have ended if it is acknowledged; if its answer is lost, they may have. */
async function endDevices(
  { revocations }: Person,
  ended: Device[],
  send: () => Promise<Answered>,
): Promise<Answered> {
  revocations.sent++;
  const answer = await send();
  if (isDone(answer)) for (const device of ended) device.fate = 'out';
  if (isLost(answer)) for (const device of ended) if (device.fate === 'in') device.fate = 'maybe out';
  return answer;
}

/** The same for all sessions of an account. */
async function revoke(
  someone: Person,
  send: () => Promise<Answered>,
  ended = [...someone.devices],
): Promise<Answered> {
  someone.revocations.open++;
  const answer = await endDevices(someone, ended, send);
  // A change that is lost or delivered later may end a session that is opened meanwhile.
  if (!isLost(answer) && answer?.status !== 202) someone.revocations.open--;
  return answer;
}

const logOut = (name: string, someone: Person, device: Device, options: CallOptions) =>
  endDevices(someone, [device], () => attempt(name, 'POST', '/api/auth/logout', options));

const logOutAll = (someone: Person, options: CallOptions) =>
  revoke(someone, () => attempt('logout-all', 'POST', '/api/auth/logout-all', options));

const endSessionsAsAdmin = (someone: Person) =>
  revoke(someone, () => attempt('end sessions', 'DELETE', `/api/users/${someone.id}/sessions`, {}, admin));

const deactivate = (someone: Person) =>
  revoke(someone, () => asAdmin('deactivate', 'PATCH', someone, { status: 'deactivated' }));

async function listSessions(_someone: Person, { accessToken: token }: Device): Promise<string[]> {
  const answer = await attempt('list sessions', 'GET', '/api/auth/sessions?limit=100', { token });
  if (answer?.status !== 200) return [];
  const items: { id: string; current: boolean }[] = answer.body.items;
  const ids = items.map(({ id }) => id);
  const isRight = items.every(({ id, current }) => current === (id === sessionIdOf(token)));
  if (!isRight || new Set(ids).size < ids.length) faults.push(`wrong list: ${JSON.stringify(items)}`);
  return items.filter(({ current }) => !current).map(({ id }) => id);
}

async function endAnotherSession(someone: Person, device: Device): Promise<void> {
  const [id] = await listSessions(someone, device);
  if (id === undefined) return;
  const ended = someone.devices.filter(({ sessionId }) => sessionId === id);
  await endDevices(someone, ended, () =>
    attempt('end session', 'DELETE', `/api/auth/sessions/${id}`, { token: device.accessToken }),
  );
}

/** Repeats a request whose answer was lost, as a client does with a key or within the grace period. */
async function repeatWhileLost(name: string, send: (as: string) => Promise<Answered>): Promise<Answered> {
  let answer = await send(name);
  for (let time = 0; isLost(answer) && time < 4; time++) {
    await delay(500);
    answer = await send(`${name} again`);
  }
  return answer;
}

async function refresh(someone: Person, device: Device): Promise<void> {
  if (device.isBusy) {
    await listSessions(someone, device);
    return;
  }
  device.isBusy = true;
  const body = inBody(device);
  const answer = await repeatWhileLost('refresh', (as) => attempt(as, 'POST', '/api/auth/refresh', { body }));
  if (isDone(answer)) takeTokens(device, answer.body);
  device.isBusy = false;
}

function takeTokens(device: Device, { accessToken, refreshToken }: Tokens): void {
  device.accessToken = accessToken;
  device.refreshToken = refreshToken;
}

async function updatePassword(someone: Person, device: Device, unique: string): Promise<void> {
  const { devices, passwords } = someone;
  if (devices.some(({ isBusy }) => isBusy)) {
    await listSessions(someone, device);
    return;
  }
  device.isBusy = true;
  const body = { currentPassword: passwords[0], newPassword: `correct horse ${unique}` };
  const options = { token: device.accessToken, body };
  const others = devices.filter((other) => other !== device);
  const send = () => attempt('update-password', 'PATCH', '/api/auth/update-password', options);
  const answer = await revoke(someone, async () => withoutHalf(await send()), others);
  if (isDone(answer)) {
    takeTokens(device, answer.body);
    someone.passwords = [body.newPassword];
  }
  if (isLost(answer)) {
    passwords.push(body.newPassword);
    if (device.fate === 'in') device.fate = 'maybe out';
  }
  device.isBusy = false;
}

/** Counts as lost an answer that says that the password was changed but the session has ended. */
const withoutHalf = (answer: Answered): Answered =>
  String(answer?.body?.detail).startsWith('The password was changed') ? undefined : answer;

/** Sends a request about notes; one with a key again while its answer is lost. */
async function callNotes(
  someone: Person,
  device: Device,
  { name, method, path, key, headers, ...options }: NotesCall,
): Promise<Answered> {
  const withKey = { ...headers, ...(key !== undefined && { 'Idempotency-Key': key }) };
  const send = (as: string) =>
    attempt(as, method, `/api/notes${path}`, { token: device.accessToken, ...options, headers: withKey });
  const answer = await (key === undefined ? send(name) : repeatWhileLost(name, send));
  if (answer?.status === 401) await refresh(someone, device);
  return answer;
}

interface NotesCall extends CallOptions {
  name: string;
  method: string;
  path: string;
  key?: string;
}

function addNotes({ notes }: Person, ids: string[]): void {
  for (const id of ids)
    notes.push({ id, version: 1, content: '', isTrashed: false, isSure: true, isBusy: false });
}

async function createNote(someone: Person, device: Device, unique: string): Promise<void> {
  const call = { name: 'create note', method: 'POST', path: '', key: unique, body: { title: unique } };
  const answer = await callNotes(someone, device, call);
  if (isDone(answer)) addNotes(someone, [answer.body.id]);
}

async function createBatch(someone: Person, device: Device, unique: string): Promise<void> {
  const creates = ['a', 'b'].map((end) => ({ op: 'create', note: { title: `${unique}-${end}` } }));
  const body = { operations: creates };
  const call = { name: 'batch', method: 'POST', path: '/batch', key: unique, body };
  const answer = await callNotes(someone, device, call);
  if (!isDone(answer)) return;
  const results: { body: { id: string } }[] = answer.body.results;
  addNotes(
    someone,
    results.map((result) => result.body.id),
  );
}

async function importNotes(someone: Person, device: Device, unique: string): Promise<void> {
  const ids = [randomUUID(), randomUUID()];
  const body = ids.map((id, index) => JSON.stringify({ id, title: `${unique}-${index}` })).join('\n');
  const headers = { 'Content-Type': 'application/x-ndjson' };
  const call = { name: 'import', method: 'POST', path: '/import', key: unique, body, headers };
  if (isDone(await callNotes(someone, device, call))) addNotes(someone, ids);
}

/** Changes a note that no other request changes, or creates one. Its owner then knows it as `after`. */
async function changeNote(
  someone: Person,
  device: Device,
  { after, path = '', ...call }: Omit<NotesCall, 'path'> & { after: Partial<OwnNote>; path?: string },
): Promise<void> {
  const note = someone.notes.find(({ isBusy }) => !isBusy);
  if (note === undefined) return;
  note.isBusy = true;
  const answer = await callNotes(someone, device, { ...call, path: `/${note.id}${path}` });
  if (isDone(answer)) Object.assign(note, after, answer.body && { version: answer.body.version });
  if (isLost(answer)) note.isSure = false;
  note.isBusy = false;
  // Another one is next.
  someone.notes.push(...someone.notes.splice(someone.notes.indexOf(note), 1));
}

async function deleteAccount(someone: Person): Promise<void> {
  const answer = await revoke(someone, () => asAdmin('delete', 'DELETE', someone));
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
    const devices = someone?.devices.filter(({ fate }) => fate !== 'out') ?? [];
    const device = devices[Math.floor(random() * devices.length)] ?? someone?.devices.at(-1);
    if (someone === undefined || device === undefined) await register(unique);
    else if (device.fate === 'out' && random() < 0.5) await logInAgain(someone);
    else await operation(someone, device, unique);
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
    await delay(random() * 1_000);
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

type StoredNote = Pick<OwnNote, 'id' | 'version' | 'content' | 'isTrashed'> & { title: string };

async function notesOf(id: string): Promise<StoredNote[]> {
  const { rows } = await stores.sql(
    'select id, title, version, content, deleted_at is not null as "isTrashed" from notes where user_id = $1',
    [id],
  );
  return rows;
}

describe('a thousand random operations while services are killed', () => {
  test('leave the three stores in agreement, lose no write of notes, and keep nothing of a deleted user', async () => {
    console.info(`TEST_SEED=${seed}`);
    const [kills] = await Promise.all([
      chaos(),
      ...Array.from({ length: clients }, (_, index) => client(index)),
    ]);
    const done = [...seen.values()].reduce((sum, count) => sum + count, 0);
    const outcomes = [...seen].map(([outcome, count]) => `${outcome}: ${count}`).toSorted();
    console.info(`${done} operations, ${kills} kills, ${people.length} people\n${outcomes.join('\n')}`);
    expect(done).toBeGreaterThanOrEqual(clients * operationsEach);
    expect([...seen.keys()].filter((outcome) => outcome.endsWith(' 500'))).toEqual([]);

    await until(async () => (await stores.profiles.countDocuments(pending)) === 0);
    await until(async () => (await stores.credentials.countDocuments(pending)) === 0);
    await until(() => stores.isActiveAdminSetRight(), 120_000);
    expect(await runReconcile(system)).toEqual(noDrift);

    for (const person of people) faults.push(...(await faultsOf(person)), ...(await sessionFaultsOf(person)));
    const devices = people.flatMap((person) => person.devices);
    const fates = Object.entries(Object.groupBy(devices, ({ fate }) => fate));
    console.info(fates.map(([fate, { length }]) => `${length} devices ${fate}`).join(', '));
    expect(faults).toEqual([]);
    expect(await stores.orphanedSessions()).toEqual([]);
    expect(await stores.notesFaults()).toEqual([]);
  }, 300_000);
});

/** The differences between the stores and the acknowledged requests of a user. */
async function faultsOf({ id, email, passwords, notes, fate }: Person): Promise<string[]> {
  const kept = await notesOf(id);
  const left = {
    profiles: await stores.profiles.countDocuments({ _id: id, state: 'present' }),
    credentials: await stores.credentials.countDocuments({ _id: id }),
    notes: kept.length,
  };
  const isGone = Object.values(left).every((count) => count === 0);
  if (isGone) return fate === 'alive' ? [`${id} is missing without a deletion`] : [];
  if (fate === 'deleted') return [`${id} was deleted, and there is left: ${JSON.stringify(left)}`];
  const logins = await Promise.all(passwords.map((password) => login(system.api, { email, password })));
  const statuses = logins.map(({ status }) => status).filter((status) => status !== 401);
  return [
    ...noteFaultsOf(notes, kept),
    ...(await usageFaultsOf(logins.find(({ status }) => status === 200)?.body.accessToken)),
    ...(statuses.length === 1 && [200, 403].includes(statuses[0]!)
      ? []
      : [`${id} cannot log in: ${statuses.join()}`]),
  ];
}

/** The differences between the acknowledged notes and the stored ones, each of which has its own title. */
function noteFaultsOf(notes: OwnNote[], kept: StoredNote[]): string[] {
  const stored = new Map(kept.map((note) => [note.id, note]));
  const wrong = notes.filter(({ id, version, content, isTrashed, isSure }) => {
    const note = stored.get(id);
    if (note === undefined || note.version < version) return true;
    return isSure && (note.content !== content || note.isTrashed !== isTrashed);
  });
  const isTwice = new Set(kept.map(({ title }) => title)).size < kept.length;
  return [
    ...wrong.map((note) => `${JSON.stringify(stored.get(note.id))} instead of ${JSON.stringify(note)}`),
    ...(isTwice ? [`the same note twice: ${JSON.stringify(kept)}`] : []),
  ];
}

/** The differences between the usage of a user and the lists. */
async function usageFaultsOf(token: string | undefined): Promise<string[]> {
  if (token === undefined) return [];
  const paths = ['/usage', '?archived=any&limit=1&total=true', '/trash?limit=1&total=true'];
  const [usage, live, trash] = await Promise.all(
    paths.map(async (path) => (await system.api.call('GET', `/api/notes${path}`, { token })).body),
  );
  const isRight = usage.notes === live.page.total && usage.trashed === trash.page.total;
  return isRight ? [] : [`wrong usage: ${JSON.stringify(usage)}`];
}

/** The differences between the devices of a user and the acknowledged requests: each is in or out everywhere. */
async function sessionFaultsOf({ id, devices }: Person): Promise<string[]> {
  const found = await Promise.all(
    devices.map(async (device) => {
      const answer = await system.api.call('POST', '/api/auth/refresh', { body: inBody(device) });
      const isIn = answer.status === 200;
      const token = isIn ? answer.body.accessToken : device.accessToken;
      const paths = ['/api/auth/sessions', '/api/users/me', '/api/notes'];
      const answers = await Promise.all(paths.map((path) => system.api.call('GET', path, { token })));
      const statuses = answers.map(({ status }) => status);
      const isConsistent =
        statuses.every((status) => status === (isIn ? 200 : 401)) &&
        (isIn || answer.body.code === 'invalid_refresh_token');
      const isExpected = device.fate === 'maybe out' || isIn === (device.fate === 'in');
      const result = `${answer.body.code ?? answer.status} ${statuses.join()}`;
      return isConsistent && isExpected
        ? []
        : [`${id} should be ${device.fate}: ${device.sessionId} ${result}`];
    }),
  );
  return found.flat();
}
