// Two instances of each service. Two writers make 10,000 changes of the notes of a user while notes-service is killed again and
// again, and readers walk over the changes. Afterwards each reader must have what is stored. Prints its seed; TEST_SEED repeats
// a run.
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  createClient,
  newUser,
  randomNumbers,
  unique,
  until,
  type Answer,
  type CallOptions,
  type Client,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

let instances: Pick<System, 'start' | 'stop' | 'close'>[];
let clients: Client[];
let stores: Stores;
let user: User;
beforeAll(async () => {
  const system = await startSystem();
  stores = await openStores(system);
  const twin = await system.twin();
  instances = [twin, system];
  clients = [system.api, createClient(twin.urls.gateway)];
});
beforeEach(async () => {
  user = await newUser(clients[0]!);
});
afterAll(async () => {
  await stores.close();
  for (const instance of instances) await instance.close();
});

test('an Idempotency-Key that arrives at two gateways at once creates one note, and gets one answer', async () => {
  const options = { token: user.token, body: { title: 'once' }, headers: { 'Idempotency-Key': 'a' } };
  const sent = [...clients, ...clients, ...clients, ...clients];
  const answers = await Promise.all(sent.map(({ call }) => call('POST', '/api/notes', options)));
  const { body } = await user.call('GET', '/api/notes');
  expect(body.items).toHaveLength(1);
  expect(answers.map((answer) => [answer.status, answer.body])).toEqual(sent.map(() => [201, body.items[0]]));
  const replayed = answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true');
  expect(replayed).toHaveLength(sent.length - 1);
});

const seed = Number(process.env['TEST_SEED'] ?? randomInt(2 ** 31));
const random = randomNumbers(seed);
const allChanges = 10_000;
const kills = 8;

// What the writers know from the answers.
const created: string[] = [];
const trashed: string[] = [];
const destroyed: string[] = [];
let changes = 0;
let isWritten = false;

const anyOf = <Item>(items: Item[]): Item | undefined => items[Math.floor(random() * items.length)];

/** Sends a request to one instance after the other until it is answered. */
async function send(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  let answer: Answer | undefined;
  let instance = random() < 0.5 ? 0 : 1;
  await until(async () => {
    const { call } = clients[instance++ % clients.length]!;
    answer = await call(method, path, { token: user.token, ...options }).catch(() => undefined);
    return answer !== undefined && answer.status !== 429 && answer.status < 500;
  }, 60_000);
  expect([path, answer!.status, answer!.body?.detail]).toEqual([path, 200, undefined]);
  return answer!;
}

function randomOperation() {
  const place = random();
  const id = anyOf(created);
  if (place < 0.3 || id === undefined) return { op: 'create', note: { title: unique(), tags: ['a'] } };
  if (place < 0.7) return { op: 'update', id, note: { content: unique() } };
  if (place < 0.85) return { op: 'delete', id };
  if (place < 0.9) return { op: 'delete', id, permanent: true };
  return { op: 'restore', id: anyOf(trashed) ?? id };
}

const withKey = (body: unknown) => ({ body, headers: { 'Idempotency-Key': unique() } });

async function sendBatch(): Promise<void> {
  const operations = Array.from({ length: 100 }, randomOperation);
  const { body } = await send('POST', '/api/notes/batch', withKey({ operations }));
  for (const [index, { op, id, permanent }] of operations.entries()) {
    const { status, body: note } = body.results[index];
    if (status >= 300) continue;
    changes++;
    if (op === 'create') created.push(note.id);
    if (op === 'delete') (permanent === true ? destroyed : trashed).push(id!);
  }
}

/** Moves all notes with one of the tags to the other one, in one revision. */
async function renameTag(from: string, name: string): Promise<void> {
  changes += (await send('PATCH', `/api/notes/tags/${from}`, { body: { name } })).body.changed;
}

async function emptyTrash(): Promise<void> {
  changes += (await send('DELETE', '/api/notes/trash')).body.destroyed;
}

/** Imports destroyed notes, which thereby return. */
async function importDestroyed(): Promise<void> {
  const lines = destroyed.splice(0, 10).map((id) => JSON.stringify({ id, title: 'returned' }));
  const { body, headers } = withKey(lines.join('\n'));
  const options = { body, headers: { ...headers, 'Content-Type': 'application/x-ndjson' } };
  changes += (await send('POST', '/api/notes/import', options)).body.imported;
}

async function write(): Promise<void> {
  for (let number = 0; changes < allChanges; number++) {
    await sendBatch();
    await (number % 2 === 0 ? renameTag('a', 'b') : renameTag('b', 'a'));
    if (number % 8 === 3) await emptyTrash();
    if (number % 4 === 3) await importDestroyed();
  }
}

interface Note {
  id: string;
  version: number;
}

/** A client that keeps copies of the notes. */
function createReader() {
  const copies = new Map<string, Note>();
  const lastVersions = new Map<string, number>();
  const removed = new Set<string>();
  const faults: string[] = [];

  function apply({ type, id, note }: { type: string; id: string; note: Note }): void {
    if (type === 'destroyed') {
      copies.delete(id);
      removed.add(id);
      return;
    }
    const last = lastVersions.get(id) ?? 0;
    if (note.version <= last) faults.push(`${id} in version ${note.version} after version ${last}`);
    lastVersions.set(id, note.version);
    copies.set(id, note);
  }
  return { copies, removed, faults, apply };
}

/** Walks over the changes from both instances until the writers have ended and there are no more. */
async function walk({ limit, wait }: { limit: number; wait: number }) {
  const reader = createReader();
  for (let since = ''; ;) {
    // Before the request: its answer may come from before the last write.
    const isLast = isWritten;
    const { body } = await send('GET', `/api/notes/changes?limit=${limit}&wait=${isLast ? 0 : wait}${since}`);
    for (const item of body.items) reader.apply(item);
    since = `&since=${body.page.nextCursor}`;
    if (body.page.hasMore) continue;
    if (isLast) return reader;
    await delay(50);
  }
}

async function walkFromMiddle() {
  await until(() => changes > allChanges / 2, 300_000);
  return walk({ limit: 100, wait: 0 });
}

/** Kills one instance of notes-service and then the other, at random moments, and starts each again. */
async function killInstances(): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    const moment = ((kill + random()) * allChanges) / kills;
    await until(() => changes >= moment, 300_000);
    await delay(random() * 200);
    const instance = instances[kill % instances.length]!;
    await instance.stop('notes-service', 'SIGKILL');
    await instance.start('notes-service');
  }
}

async function listAll(path: string): Promise<Note[]> {
  const notes: Note[] = [];
  for (let cursor = ''; ;) {
    const { body } = await user.call('GET', `${path}?limit=100${cursor}`);
    notes.push(...body.items);
    if (body.page.nextCursor === null) return notes;
    cursor = `&cursor=${body.page.nextCursor}`;
  }
}

async function tombstones(): Promise<string[]> {
  const { rows } = await stores.sql('select id from destroyed_notes where user_id = $1', [user.id]);
  return rows.map(({ id }) => id);
}

/** The notes of which a reader has another copy than what is stored. */
const differences = (stored: Map<string, Note>, copies: Map<string, Note>): string[] =>
  [...new Set([...stored.keys(), ...copies.keys()])].flatMap((id) => {
    const [expected, copy] = [JSON.stringify(stored.get(id)), JSON.stringify(copies.get(id))];
    return expected === copy ? [] : [`${copy} instead of ${expected}`];
  });

test('readers of two instances miss no change and see none out of order while instances are killed', async () => {
  console.info(`TEST_SEED=${seed}`);
  const writing = Promise.all([write(), write(), killInstances()]).finally(() => (isWritten = true));
  const [, fromMiddle, ...fromBeginning] = await Promise.all([
    writing,
    walkFromMiddle(),
    walk({ limit: 100, wait: 1 }),
    walk({ limit: 30, wait: 0 }),
  ]);

  const [live, trash] = [await listAll('/api/notes'), await listAll('/api/notes/trash')];
  const stored = new Map([...live, ...trash].map((note) => [note.id, note]));
  const gone = await tombstones();
  expect([...stored.keys(), ...gone].toSorted()).toEqual(created.toSorted());
  for (const { copies, faults } of [fromMiddle, ...fromBeginning]) {
    expect(faults).toEqual([]);
    expect(differences(stored, copies)).toEqual([]);
  }
  for (const { removed } of fromBeginning) expect(gone.filter((id) => !removed.has(id))).toEqual([]);
  const { body: usage } = await user.call('GET', '/api/notes/usage');
  expect(usage).toMatchObject({ notes: live.length, trashed: trash.length });
}, 300_000);
