// npm run bench -- tags: renames the tag of 50,000 notes while other users write. See ../README.md.
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import pg from 'pg';
import { onTestSystem } from './on-test-system.ts';
import { registerUsers } from './people.ts';
import { percentile } from './measuring/percentile.ts';
import { at, send } from './requests.ts';
import type { User } from './results.ts';
import { createPool, poolSize } from './search/pool.ts';
import { dropIndexes } from './search/seed.ts';

const notes = 50_000;
const writesPerSecond = 10;
const idleSeconds = 15;
const limitMs = 100;

/** Two users whose notes are in the same partition, and one whose notes are in another. */
async function chooseUsers(client: pg.Client, users: User[]): Promise<[User, User, User]> {
  const { rows } = await client.query<{ partition: string; id: string }>(
    `select tableoid::text as partition, user_id as id from notes`,
  );
  const partitions = Object.values(Object.groupBy(rows, ({ partition }) => partition));
  const shared = partitions.find((owners) => owners!.length > 1)!;
  const other = partitions.find((owners) => owners !== shared)!;
  const [large, near, far] = [shared[0]!, shared[1]!, other[0]!].map((row) =>
    users.find(({ id }) => id === row.id)!,
  );
  return [large!, near!, far!];
}

/** Gives a user notes of 42 words with the tag `big`, each with the search vector that the database computes. */
async function giveNotes(client: pg.Client, { id }: User): Promise<void> {
  const indexes = await dropIndexes(client);
  await client.query(
    `insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at)
     select uuidv7(), $1, title, content, array['work', 'big'], false, false, 1, now(), now()
     from jsonb_to_recordset($2) as pool (title text, content text), generate_series(1, $3)`,
    [id, JSON.stringify(createPool()), notes / poolSize],
  );
  for (const index of indexes) await client.query(index);
  await client.query(
    `update owners set (notes, bytes) =
       (select count(*), sum(notes_bytes(title, content, tags)) from notes where user_id = $1) where id = $1`,
    [id],
  );
  await client.query('vacuum analyze notes');
}

/** Creates notes on schedule until `isDone`. Returns the times of the answers in ms. Throws on any other than 201. */
async function write(
  list: string,
  { sessions: [{ token }] }: User,
  isDone: () => boolean,
): Promise<number[]> {
  const began = performance.now();
  const pending: Promise<number>[] = [];
  const create = async () => {
    const body = { title: 'Note of a neighbour', content: 'Some words to search for' };
    const { status, sentAt, answeredAt } = await send(list, { method: 'POST', token, body });
    if (status !== 201) throw new Error(`a write answered ${status}`);
    return answeredAt - sentAt;
  };
  for (let index = 0; !isDone(); index++) {
    await at(began + (index * 1_000) / writesPerSecond);
    pending.push(create());
  }
  return Promise.all(pending);
}

async function rename(list: string, { sessions: [{ token }] }: User): Promise<number> {
  const began = performance.now();
  const answer = await fetch(`${list}/tags/big`, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'large' }),
  });
  const text = await answer.text();
  if (text !== JSON.stringify({ changed: notes })) throw new Error(`the rename answered ${text}`);
  return (performance.now() - began) / 1_000;
}

const line = (times: number[]) =>
  `${times.length} writes, p50 ${percentile(times, 0.5).toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms, ` +
  `max ${Math.max(...times).toFixed(0)} ms, ${times.filter((time) => time > limitMs).length} above ${limitMs} ms`;

async function measure(system: TestSystem): Promise<void> {
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  const [large, near, far] = await chooseUsers(client, await registerUsers([system], 24));
  await giveNotes(client, large);
  await client.end();
  const list = `${system.urls.gateway}/api/notes`;
  const writeBoth = (isDone: () => boolean) =>
    Promise.all([write(list, near, isDone), write(list, far, isDone)]);
  const idleUntil = performance.now() + idleSeconds * 1_000;
  const [nearIdle, farIdle] = await writeBoth(() => performance.now() > idleUntil);
  let isRenamed = false;
  const [seconds, [nearLoaded, farLoaded]] = await Promise.all([
    rename(list, large).finally(() => {
      isRenamed = true;
    }),
    writeBoth(() => isRenamed),
  ]);
  console.log(`The tag of ${notes} notes was renamed in ${seconds.toFixed(1)} s`);
  console.log(`Same partition, before:    ${line(nearIdle)}`);
  console.log(`Same partition, meanwhile: ${line(nearLoaded)}`);
  console.log(`Another one, before:       ${line(farIdle)}`);
  console.log(`Another one, meanwhile:    ${line(farLoaded)}`);
}

await onTestSystem(measure);
