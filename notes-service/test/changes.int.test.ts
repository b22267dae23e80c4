import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { traceWork } from '@polyglot-notes/service-kit';
import { recordTracing, statuses, type Answer } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { pruneTombstones } from '../src/changes/prune-tombstones.ts';
import { connect } from '../src/database.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { startService, type Service, type User } from './service.ts';

let service: Service;
let database: pg.Client;
let db: PrismaClient;
beforeAll(async () => {
  service = await startService();
  database = new pg.Client({ connectionString: service.databaseUrl });
  await database.connect();
  db = await connect(service.databaseUrl);
});
afterAll(async () => {
  await db.$disconnect();
  await database.end();
  await service.close();
});

const changes = (user: User, query = '') => user.call('GET', `/api/notes/changes?${query}`);
const changesSince = (user: User, cursor: string, query = '') =>
  changes(user, `since=${cursor}${query && `&${query}`}`);

/** The items of an answer, briefly: kind, title and version of each. */
const brief = ({ body }: Answer): string[] =>
  body.items.map(
    ({ type, id, note }: { type: string; id: string; note?: { title: string; version: number } }) =>
      note === undefined ? `${type} ${id}` : `${type} ${note.title} ${note.version}`,
  );
const cursorOf = ({ body }: Answer): string => body.page.nextCursor;

/** A user whose notes have these titles, with their ids and the cursor after them. */
async function userWith(...noteTitles: string[]) {
  const user = service.newUser();
  const ids: string[] = [];
  for (const title of noteTitles) ids.push((await user.create({ title })).body.id);
  return { user, ids, cursor: cursorOf(await changes(user, 'limit=100')) };
}

const trash = (user: User, id: string) => user.remove(id);
const destroy = (user: User, id: string) => user.call('DELETE', `/api/notes/${id}?permanent=true`);
const restore = (user: User, id: string) => user.call('POST', `/api/notes/${id}/restore`);

/** All items since a cursor, page by page. */
async function walk(user: User, limit: number, since?: string, afterPage = async () => {}) {
  const items: string[] = [];
  let cursor = since;
  for (;;) {
    const answer = await changes(user, `limit=${limit}${cursor === undefined ? '' : `&since=${cursor}`}`);
    expect(answer.status).toBe(200);
    items.push(...brief(answer));
    cursor = cursorOf(answer);
    if (!answer.body.page.hasMore) return { items, cursor };
    await afterPage();
  }
}

/** Decodes a cursor and encodes it with other values. */
const altered = (cursor: string, change: (position: unknown[]) => unknown): string => {
  const [fingerprint, position] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  return Buffer.from(JSON.stringify([fingerprint, change(position)])).toString('base64url');
};

describe('the changes from the beginning', () => {
  test('are all notes in the order of their last change, those in the trash included', async () => {
    const { user, ids } = await userWith('a', 'b', 'c', 'd');
    await user.patch(ids[0]!, { title: 'A' });
    await trash(user, ids[1]!);
    await destroy(user, ids[2]!);
    const answer = await changes(user);
    expect(brief(answer)).toEqual(['note d 1', 'note A 2', 'trashed b 2']);
    const [, changed, trashed] = answer.body.items;
    expect(changed).toEqual({ type: 'note', id: ids[0], version: 2, note: (await user.get(ids[0]!)).body });
    expect(trashed).toMatchObject({ id: ids[1], version: 2, deletedAt: trashed.note.deletedAt });
    expect(answer.body.page).toEqual({ limit: 20, nextCursor: expect.any(String), hasMore: false });
  });

  test('are none for a user without notes, who still gets a cursor', async () => {
    const user = service.newUser();
    const cursor = cursorOf(await changes(user));
    await user.create({ title: 'first' });
    expect(brief(await changesSince(user, cursor))).toEqual(['note first 1']);
  });

  test('contain the notes that have not changed since there are revisions', async () => {
    const { user } = await userWith('old', 'older');
    await database.query('update notes set rev = 0 where user_id = $1', [user.id]);
    await user.create({ title: 'new' });
    const { items } = await walk(user, 1);
    expect([...items].toSorted()).toEqual(['note new 1', 'note old 1', 'note older 1']);
    expect(items.at(-1)).toBe('note new 1');
  });

  test('are only those of the user', async () => {
    await userWith('not mine');
    const { user } = await userWith('mine');
    expect(brief(await changes(user))).toEqual(['note mine 1']);
  });
});

describe('the changes since a cursor', () => {
  test('are each changed note once, with its current state', async () => {
    const { user, ids, cursor } = await userWith('a', 'b', 'c');
    await user.patch(ids[0]!, { content: 'one' });
    await user.patch(ids[1]!, { pinned: true });
    await user.patch(ids[0]!, { content: 'two' });
    const answer = await changesSince(user, cursor);
    expect(brief(answer)).toEqual(['note b 2', 'note a 3']);
    expect(answer.body.items[1].note.content).toBe('two');
  });

  test('are none when nothing has changed, with a cursor all the same', async () => {
    const { user, ids, cursor } = await userWith('a');
    expect((await user.patch(ids[0]!, { title: 'a' })).status).toBe(200);
    const answer = await changesSince(user, cursor);
    expect(answer.body).toEqual({
      items: [],
      page: { limit: 20, nextCursor: expect.any(String), hasMore: false },
    });
    await user.create({ title: 'b' });
    expect(brief(await changesSince(user, cursorOf(answer)))).toEqual(['note b 1']);
  });

  test('tell of the trash, of a restored note and of a destroyed one', async () => {
    const { user, ids, cursor } = await userWith('a');
    await trash(user, ids[0]!);
    const trashed = await changesSince(user, cursor);
    await restore(user, ids[0]!);
    const restored = await changesSince(user, cursorOf(trashed));
    await destroy(user, ids[0]!);
    const destroyed = await changesSince(user, cursorOf(restored));
    expect([trashed, restored, destroyed].flatMap(brief)).toEqual([
      'trashed a 2',
      'note a 3',
      `destroyed ${ids[0]}`,
    ]);
    expect(destroyed.body.items).toEqual([{ type: 'destroyed', id: ids[0] }]);
  });

  test('contain all notes of one transaction, also when a page ends between them', async () => {
    const { user, ids, cursor } = await userWith('a', 'b', 'c', 'd', 'e');
    for (const id of ids) await trash(user, id);
    const trashed = await walk(user, 100, cursor);
    await user.call('DELETE', '/api/notes/trash');
    for (const limit of [1, 2, 3, 5]) {
      const { items } = await walk(user, limit, trashed.cursor);
      expect(items).toEqual(ids.toSorted().map((id) => `destroyed ${id}`));
    }
  });

  test('contain a note that changes during the walk again later, and never its older state', async () => {
    const { user, ids } = await userWith('a', 'b', 'c');
    const rest = [ids[0]!, ids[2]!];
    const { items } = await walk(user, 1, undefined, async () => {
      const id = rest.shift();
      if (id !== undefined) await user.patch(id, { pinned: true });
    });
    expect(items).toEqual(['note a 1', 'note b 1', 'note a 2', 'note c 2']);
  });

  test('contain a note that is destroyed during the first walk', async () => {
    const { user, ids } = await userWith('a', 'b');
    let isFirst = true;
    const { items } = await walk(user, 1, undefined, async () => {
      if (isFirst) await destroy(user, ids[0]!);
      isFirst = false;
    });
    expect(items).toEqual(['note a 1', 'note b 1', `destroyed ${ids[0]}`]);
  });

  test('end a page before its notes have too many bytes', async () => {
    const { user, ids } = await userWith('long');
    await database.query(
      `insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at, rev)
       select gen_random_uuid(), user_id, 'n' || n, repeat(' ', 200000), tags, false, false, 1, now(), now(), rev
       from notes, generate_series(1, 25) as n where user_id = $1 and id = $2`,
      [user.id, ids[0]],
    );
    const first = await changes(user, 'limit=100');
    expect(first.body.items.length).toBe(22);
    expect(first.body.page.hasMore).toBe(true);
    expect(new Set((await walk(user, 100)).items).size).toBe(26);
  });

  test('are read without a gap while others write', async () => {
    const { user } = await userWith('first');
    const created: string[] = [];
    const writing = Promise.all(
      Array.from({ length: 5 }, async (_, writer) => {
        for (let n = 0; n < 8; n++) {
          created.push(`note ${writer}-${n} 1`);
          await user.create({ title: `${writer}-${n}` });
        }
      }),
    );
    const items: string[] = [];
    let cursor: string | undefined;
    let isWriting = true;
    void writing.then(() => (isWriting = false));
    for (let isLast = false; !isLast;) {
      isLast = !isWriting;
      const read = await walk(user, 3, cursor);
      items.push(...read.items);
      ({ cursor } = read);
    }
    expect(items.toSorted()).toEqual([...created, 'note first 1'].toSorted());
  });
});

describe('a cursor', () => {
  test('is refused when it is none, or that of another user or list', async () => {
    const { user } = await userWith('a', 'b');
    const { cursor: ofAnother } = await userWith('c');
    const { body } = await user.list('?limit=1');
    const own = cursorOf(await changes(user));
    const wrong = [
      'x',
      ofAnother,
      body.page.nextCursor,
      altered(own, () => [-1, null, 0]),
      altered(own, () => [1, 'x', 0]),
      altered(own, () => [2 ** 60, null, 0]),
      altered(own, () => [1]),
    ];
    for (const cursor of ['', ...wrong]) {
      const { status, body: problem } = await changesSince(user, cursor);
      expect([cursor, status, problem.code]).toEqual([cursor, 400, 'invalid_cursor']);
    }
  });

  test('has expired when it is later than the last change, as after a restored backup', async () => {
    const { user, cursor } = await userWith('a', 'b', 'c');
    await database.query('update owners set rev = 2 where id = $1', [user.id]);
    expect(await changesSince(user, cursor)).toMatchObject({ status: 410, body: { code: 'cursor_expired' } });
    expect((await changes(user)).status).toBe(200);
  });
});

describe('tombstones', () => {
  const dayMs = 86_400_000;
  const prune = (days: number) =>
    pruneTombstones(db, {
      now: new Date(service.time.now.getTime() + days * dayMs),
      changesDays: 90,
      closing: new AbortController().signal,
    });
  const tombstonesOf = async ({ id }: User) => {
    const { rows } = await database.query('select id from destroyed_notes where user_id = $1', [id]);
    return rows.length;
  };
  const emptyTrash = (user: User) => user.call('DELETE', '/api/notes/trash');

  test('are kept for CHANGES_DAYS, and then removed by any instances', async () => {
    const { user, ids } = await userWith('a', 'b');
    await trash(user, ids[0]!);
    await trash(user, ids[1]!);
    await emptyTrash(user);
    await prune(89);
    expect(await tombstonesOf(user)).toBe(2);
    const { rows } = await database.query('select rev from owners where id = $1', [user.id]);
    const { tracing, ended } = recordTracing();
    const traced = () => traceWork(tracing, { name: 'removal' }, () => prune(91));
    await Promise.all([traced(), traced(), traced()]);
    expect(ended).not.toEqual([]);
    expect(await service.runJob('removal of tombstones')).toBe(false);
    expect(await tombstonesOf(user)).toBe(0);
    const after = await database.query('select rev from owners where id = $1', [user.id]);
    expect(after.rows).toEqual(rows);
  });

  test('expire the cursors of clients that have not read them, and no others', async () => {
    const { user, ids, cursor: before } = await userWith('a', 'b', 'c', 'd');
    for (const id of ids.slice(0, 3)) await trash(user, id);
    const atTrash = cursorOf(await changesSince(user, before));
    await emptyTrash(user);
    const halfRead = cursorOf(await changesSince(user, atTrash, 'limit=1'));
    const walkBefore = cursorOf(await changes(user, 'limit=1'));
    const after = cursorOf(await changesSince(user, atTrash));
    await user.create({ title: 'e' });
    await prune(91);
    const expired = [before, atTrash, halfRead];
    for (const cursor of expired)
      expect(await changesSince(user, cursor)).toMatchObject({
        status: 410,
        body: { code: 'cursor_expired' },
      });
    expect(brief(await changesSince(user, after))).toEqual(['note e 1']);
    expect(brief(await changesSince(user, walkBefore))).toEqual(['note e 1']);
    expect((await walk(user, 1)).items).toEqual(['note d 1', 'note e 1']);
  });

  test('of an owner that is being changed are left to the next run', async () => {
    const { user, ids } = await userWith('a');
    await destroy(user, ids[0]!);
    await database.query('begin');
    await database.query('select id from owners where id = $1 for update', [user.id]);
    await prune(91);
    expect(await tombstonesOf(user)).toBe(1);
    await database.query('commit');
    await prune(91);
    expect(await tombstonesOf(user)).toBe(0);
  });
});

describe('waiting for changes', () => {
  const waitingFor = (user: User, cursor: string, wait = 25) => changesSince(user, cursor, `wait=${wait}`);
  const isPending = async (answer: Promise<Answer>) =>
    (await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'pending'))])) ===
    'pending';

  test('ends at once with a change of this instance', async () => {
    const { user, cursor } = await userWith('a');
    const answer = waitingFor(user, cursor);
    expect(await isPending(answer)).toBe(true);
    await user.create({ title: 'b' });
    expect(brief(await answer)).toEqual(['note b 1']);
  });

  test('ends with a change of another instance', async () => {
    const { user, ids, cursor } = await userWith('a');
    const answer = waitingFor(user, cursor);
    expect(await isPending(answer)).toBe(true);
    await database.query(
      `with owner as (update owners set rev = rev + 1 where id = $1 returning id, rev)
       update notes set rev = owner.rev, version = 2 from owner where user_id = owner.id and notes.id = $2`,
      [user.id, ids[0]],
    );
    expect(brief(await answer)).toEqual(['note a 2']);
  });

  test('goes on after a write that changes nothing, and ends without items when the time is over', async () => {
    const { user, ids, cursor } = await userWith('a');
    const answer = waitingFor(user, cursor, 1);
    await user.patch(ids[0]!, { title: 'a' });
    expect((await answer).body).toMatchObject({ items: [], page: { nextCursor: expect.any(String) } });
  });

  test('is not needed while there are changes', async () => {
    const { user } = await userWith('a');
    expect(brief(await changes(user, 'wait=25'))).toEqual(['note a 1']);
  });

  test('sends nothing to a session that has ended meanwhile', async () => {
    const { user, cursor } = await userWith('a');
    const device = service.inSession(user, '0198c0df-7a52-4c31-8a0e-5d1b9f3e2c44');
    const answer = waitingFor(device, cursor);
    expect(await isPending(answer)).toBe(true);
    await service.issuer.endSession('0198c0df-7a52-4c31-8a0e-5d1b9f3e2c44');
    await user.create({ title: 'secret' });
    expect(await answer).toMatchObject({ status: 401, body: { code: 'token_revoked' } });
  });

  test('is possible for ten requests of a user at a time, the latest ones, and holds no connection to the database', async () => {
    const { user, cursor } = await userWith('a');
    const { user: other, cursor: othersCursor } = await userWith('b');
    const oldest = waitingFor(user, cursor);
    expect(await isPending(oldest)).toBe(true);
    const answers = Array.from({ length: 10 }, () => waitingFor(user, cursor));
    const refused = await oldest;
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(refused.headers['retry-after']).toBe('1');
    const { rows } = await database.query(
      `select count(*)::int as busy from pg_stat_activity
       where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`,
    );
    expect(rows[0].busy).toBeLessThan(3);
    const othersAnswer = waitingFor(other, othersCursor);
    await other.create({ title: 'c' });
    expect(brief(await othersAnswer)).toEqual(['note c 1']);
    await user.create({ title: 'd' });
    expect(statuses(await Promise.all(answers))).toEqual(Array(10).fill(200));
    expect((await waitingFor(user, cursor)).status).toBe(200);
  });

  test.each(['-1', '26', '1.5', 'x', '', '010'])('takes 0 to 25 seconds, not %j', async (wait) => {
    const { user } = await userWith();
    const { status, body } = await changes(user, `wait=${wait}`);
    expect([status, body.errors[0].path]).toEqual([400, 'query.wait']);
  });
});
