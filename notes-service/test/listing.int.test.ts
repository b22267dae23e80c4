import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { startService, titles, titlesOnAllPages, type Service, type User } from './service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
  // So early that the tokens of these tests stay valid when they advance the clock.
  service.time.now = new Date('2026-05-01T00:00:00Z');
});
afterAll(() => service.close());

const nextMinute = () => service.advance(60_000);

/** A user with these notes, each written a minute after the previous one. */
async function userWith(...notes: object[]) {
  const user = service.newUser();
  for (const note of notes) {
    nextMinute();
    await user.create(note);
  }
  return user;
}

const ids = ({ body }: Answer): string[] => body.items.map(({ id }: { id: string }) => id);
const fault = (path: string) => ({ status: 400, code: 'validation_failed', errors: [{ path }] });

describe('a list of notes', () => {
  async function userWithNotes(count: number, { sameTime = false } = {}) {
    const user = service.newUser();
    for (let i = 1; i <= count; i++) {
      if (!sameTime) service.advance(1);
      await user.create({ title: `note ${i}` });
    }
    return user;
  }

  test.each(['0', '101', '-1', '1.5', '', 'x', '1&limit=2'])('refuses limit=%s', async (limit) => {
    const { body } = await service.newUser().list(`?limit=${limit}`);
    expect(body).toMatchObject(fault('query.limit'));
  });

  test('starts with the most recently changed note', async () => {
    const user = await userWithNotes(3);
    expect(titles(await user.list())).toEqual(['note 3', 'note 2', 'note 1']);
    expect((await user.list()).body.page).toEqual({ limit: 20, nextCursor: null });
  });

  test.each([
    ['at different times', false],
    ['at the same time', true],
  ])(
    'has pages without gap or repeat for notes written %s, while other notes are written',
    async (_when, sameTime) => {
      const user = await userWithNotes(7, { sameTime });
      const all = titles(await user.list());
      const writeAnother = () => {
        service.advance(1);
        return user.create({ title: 'written in between' });
      };
      expect(await titlesOnAllPages(user, '', { limit: 2, afterPage: writeAnother })).toEqual(all);
    },
  );

  test('has no next cursor on the last page', async () => {
    const user = await userWithNotes(2);
    expect((await user.list('?limit=2')).body.page.nextCursor).toBeNull();
    expect((await user.list('?limit=1')).body.page.nextCursor).not.toBeNull();
  });

  test('contains archived notes only on request', async () => {
    const user = service.newUser();
    await user.create({ title: 'live', pinned: true });
    await user.create({ title: 'old', archived: true });
    expect(titles(await user.list())).toEqual(['live']);
    expect(titles(await user.list('?archived=true'))).toEqual(['old']);
    expect(titles(await user.list('?archived=any')).toSorted()).toEqual(['live', 'old']);
    expect(titles(await user.list('?archived=any&pinned=false'))).toEqual(['old']);
  });

  test('refuses an invalid cursor and a cursor of another list', async () => {
    const user = await userWithNotes(2);
    const { nextCursor } = (await user.list('?limit=1')).body.page;
    const forged = Buffer.from(JSON.stringify(['x', "'; drop table notes --", '1'])).toString('base64url');
    const [fingerprint, , id] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
    for (const time of ['0000-01-01T00:00:00Z', -1, 1e300, 0.5, null]) {
      const crafted = Buffer.from(JSON.stringify([fingerprint, time, id])).toString('base64url');
      expect((await user.list(`?cursor=${crafted}`)).body).toMatchObject({ code: 'invalid_cursor' });
    }
    for (const query of [
      '?cursor=nonsense',
      '?cursor=',
      `?cursor=${forged}`,
      `?cursor=${nextCursor}&archived=any`,
    ]) {
      expect((await user.list(query)).body).toMatchObject({ status: 400, code: 'invalid_cursor' });
    }
    expect((await user.list(`?cursor=${nextCursor}`)).status).toBe(200);
  });
});

describe('a list of long notes', () => {
  // 300,000 bytes: fourteen of these reach the limit of a page, with or without the short note.
  const content = '\u3000'.repeat(100_000);
  let user: User;
  beforeAll(async () => {
    user = service.newUser();
    for (let i = 1; i <= 15; i++) await user.create({ title: `long ${i}`, content });
    await user.create({ title: 'short' });
  });

  test.each([
    ['', 15],
    ['&search=-absent&sort=title', 14],
  ])('ends a page at 4 MiB, and the next page has the rest, with "%s"', async (query, count) => {
    const first = await user.list(`?limit=100&total=true${query}`);
    expect(first.body.items).toHaveLength(count);
    expect(first.body.page).toMatchObject({ limit: 100, total: 16, nextCursor: expect.any(String) });
    const second = await user.list(`?limit=100${query}&cursor=${first.body.page.nextCursor}`);
    expect(second.body.page.nextCursor).toBeNull();
    expect(new Set([...ids(first), ...ids(second)]).size).toBe(16);
  });

  test('has no larger pages by number', async () => {
    expect((await user.list('?page=1&limit=100')).body).toMatchObject({
      ...fault('query.page'),
      errors: [{ path: 'query.page', code: 'page_too_large' }],
    });
    const { body } = await user.list('?page=2&limit=10&sort=createdAt');
    expect(body.items).toHaveLength(6);
    expect(body.page).toEqual({ limit: 10, nextCursor: null, total: 16 });
  });
});

describe('searches that take long', () => {
  let greedy: User[];
  let lock: pg.Client;

  // Every statement on notes of these users waits for a lock that the test holds.
  beforeAll(async () => {
    greedy = [service.newUser(), service.newUser(), service.newUser()];
    for (const user of greedy) await user.create({ title: 'milk' });
    lock = new pg.Client({ connectionString: service.databaseUrl });
    await lock.connect();
    await lock.query(`
      alter table notes rename to stored_notes;
      create function wait_for_lock(id uuid) returns boolean language plpgsql cost 10000 as $$ begin
        if id in (${greedy.map(({ id }) => `'${id}'`).join()}) then perform pg_advisory_xact_lock_shared(1); end if;
        return true;
      end $$;
      create view notes as select * from stored_notes where wait_for_lock(user_id);
      select pg_advisory_lock(1)`);
  });
  afterAll(async () => {
    await lock.query(
      'drop view notes; drop function wait_for_lock; alter table stored_notes rename to notes',
    );
    await lock.end();
  });

  test('are refused beyond the share of their user, and all other requests are answered', async () => {
    const searches = greedy.map((user) => Array.from({ length: 102 }, () => user.list('?search=milk')));
    // One runs and a hundred wait, so the first answer is the refusal of the last.
    const first = await Promise.all(searches.map((ofUser) => Promise.race(ofUser)));
    expect(first.map(({ status, body }) => [status, body.code])).toEqual(
      greedy.map(() => [429, 'rate_limited']),
    );
    expect(first.map(({ headers }) => headers['retry-after'])).toEqual(['1', '1', '1']);

    const neighbour = service.newUser();
    expect((await neighbour.create({ title: 'milk' })).status).toBe(201);
    expect(titles(await neighbour.list('?search=milk&total=true'))).toEqual(['milk']);
    expect((await neighbour.list()).status).toBe(200);
    expect((await service.readiness()).status).toBe(200);

    await lock.query('select pg_advisory_unlock(1)');
    const answers = await Promise.all(searches.flat());
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(303);
  });
});

describe('a list filtered by tags', () => {
  const notes = [
    { title: 'both', tags: ['home', 'urgent'] },
    { title: 'home', tags: ['home'] },
    { title: 'urgent', tags: ['urgent', 'Größe'] },
    { title: 'none' },
  ];

  test.each([
    ['tags=home', ['both', 'home']],
    ['tag=home', ['both', 'home']],
    ['tags=home,urgent', ['both']],
    ['tags=home&tag=urgent', ['both']],
    ['tags=home,urgent&tagMode=all', ['both']],
    ['tags=home,urgent&tagMode=any', ['both', 'home', 'urgent']],
    ['tags=%20HOME%20,,', ['both', 'home']],
    ['tags=GR%C3%96SSE', []],
    ['tags=gro%CC%88%C3%9Fe', ['urgent']],
    ['tags=', ['both', 'home', 'none', 'urgent']],
    ['tag=%20', ['both', 'home', 'none', 'urgent']],
    ['tag=%E2%80%8B', ['both', 'home', 'none', 'urgent']],
    ['tags=unknown', []],
    ['tags=home%27%3B--', []],
    ['tags=%25', []],
    ['tags=hom_', []],
  ])('%s', async (query, expected) => {
    const user = await userWith(...notes);
    expect(titles(await user.list(`?${query}`)).toSorted()).toEqual(expected);
  });

  test.each([
    [`tags=${'a'.repeat(51)}`, 'query.tags.0'],
    [`tag=a,b`, 'query.tag.0'],
    ['tags=a%00b', 'query.tags.0'],
    ['tags=,%00', 'query.tags.0'],
    ['tag=%00', 'query.tag.0'],
    ['tag=%20%00%E2%80%8B', 'query.tag.0'],
    ['tag=%ED%A0%80', 'query.tag.0'],
    [`tags=${Array.from({ length: 51 }, (_, i) => `t${i}`).join(',')}`, 'query.tags'],
    ['tags=a&tags=b', 'query.tags'],
    ['tag=a&tag=b', 'query.tag'],
    ['tags=a&tagMode=some', 'query.tagMode'],
  ])('refuses %s', async (query, path) => {
    expect((await service.newUser().list(`?${query}`)).body).toMatchObject(fault(path));
  });
});

describe('a list filtered by time', () => {
  test('contains the notes changed at or after `from` and before `to`', async () => {
    service.time.now = new Date('2026-05-01T11:59:00Z');
    const user = await userWith({ title: 'at noon' }, { title: 'a minute later' });
    const all = ['a minute later', 'at noon'];
    for (const [query, expected] of [
      ['from=2026-05-01T12:00:00Z', all],
      ['from=2026-05-01T12:00:00.001Z', ['a minute later']],
      ['to=2026-05-01T12:01:00Z', ['at noon']],
      ['to=2026-05-01T12:00:00Z', []],
      ['from=2026-05-01T14:00:00%2B02:00&to=2026-05-01T14:01:00%2B02:00', ['at noon']],
      ['from=2026-05-01T14:01:00+02:00', ['a minute later']],
      ['from=2026-05-01&to=2026-05-02', all],
      ['from=2026-05-02', []],
      ['to=2026-05-01', []],
      ['from=2026-05-01T12:01:00Z&to=2026-05-01T12:00:00Z', []],
      ['from=2026-05-01t12:01:00z', ['a minute later']],
      ['from=0000-01-01T00:00:00%2B23:59&to=9999-12-31T23:59:59-23:59', all],
      ['to=0000-01-01', []],
    ] as const)
      expect([query, titles(await user.list(`?${query}`))]).toEqual([query, expected]);
  });

  test.each([
    'yesterday',
    '',
    '2026-13-01',
    '2026-02-30',
    '1767225600',
    '2026-05-01T12:00:00',
    '2026-05-01T25:00:00Z',
    "'; drop table notes; --",
  ])('refuses from=%s and to=%s', async (time) => {
    const user = service.newUser();
    expect((await user.list(`?from=${time}`)).body).toMatchObject(fault('query.from'));
    expect((await user.list(`?to=${time}`)).body).toMatchObject(fault('query.to'));
  });
});

describe('a sorted list', () => {
  const notes = ['b', 'A', 'a', 'C', 'ä'].map((title) => ({ title }));
  const byTitle = ['a', 'A', 'ä', 'b', 'C'];
  const byCreation = ['b', 'A', 'a', 'C', 'ä'];

  test.each([
    ['title', byTitle],
    ['-title', byTitle.toReversed()],
    ['createdAt', byCreation],
    ['-createdAt', byCreation.toReversed()],
    ['updatedAt', ['b', 'A', 'a', 'ä', 'C']],
    ['-updatedAt', ['C', 'ä', 'a', 'A', 'b']],
  ])('is ordered by %s, on one page and over several', async (sort, expected) => {
    const user = await userWith(...notes);
    const { body } = await user.list('?sort=title');
    nextMinute();
    await user.patch(body.items[4].id, { content: 'changed' });
    expect(titles(await user.list(`?sort=${sort}`))).toEqual(expected);
    expect(await titlesOnAllPages(user, `sort=${sort}`)).toEqual(expected);
    expect(titles(await user.list(`?sort=${sort}&limit=2&page=2`))).toEqual(expected.slice(2, 4));
  });

  test.each(['title', '-title'])(
    'by %s has numbers in natural order, also over several pages',
    async (sort) => {
      const user = service.newUser();
      const inOrder = [
        '2 a',
        '10 a',
        'Note',
        'Note 1',
        'Note 1.2',
        'Note 1.10',
        'Note 2',
        'Note 007',
        'Note 7',
        'Note ٨',
        'Note 10',
        'note 10 b',
        'Note 123456789012345678901234567890',
        'Note 1234567890123456789012345678901',
      ];
      for (const title of inOrder.toSorted()) await user.create({ title });
      const expected = sort === 'title' ? inOrder : inOrder.toReversed();
      expect(titles(await user.list(`?sort=${sort}`))).toEqual(expected);
      expect(await titlesOnAllPages(user, `sort=${sort}`, { limit: 3 })).toEqual(expected);
    },
  );

  test('continues after a title from before titles had to be visible', async () => {
    const user = await userWith({ title: 'b' });
    const database = new pg.Client({ connectionString: service.databaseUrl });
    await database.connect();
    await database.query(`update notes set title = ' ' where user_id = $1`, [user.id]);
    await database.end();
    await user.create({ title: 'c' });
    expect(await titlesOnAllPages(user, 'sort=title')).toEqual([' ', 'c']);
  });

  test.each(['title', '-title', 'relevance'])(
    'by %s contains all notes with equal values and with the longest titles',
    async (sort) => {
      const user = service.newUser();
      const longest = [
        '😀'.repeat(200),
        `${'😀'.repeat(199)}x`,
        `${'\u0001'.repeat(199)}x`,
        '"\\'.repeat(100),
      ];
      const allTitles = ['same', 'same', 'same', ...longest];
      for (const title of allTitles) await user.create({ title, content: 'word' });
      const seen = await titlesOnAllPages(user, `sort=${sort}${sort === 'relevance' ? '&search=word' : ''}`);
      expect(seen.toSorted()).toEqual(allTitles.toSorted());
    },
  );

  test.each(['title', '-title', 'createdAt', '-createdAt', 'updatedAt', '-updatedAt', 'relevance'])(
    'by %s neither skips nor repeats a note while other notes are written',
    async (sort) => {
      const user = service.newUser();
      for (let i = 0; i < 4; i++) await user.create({ title: 'word', tags: [`${i}`] });
      const idsAtFirst = ids(await user.list());
      const seen: string[] = [];
      let cursor = '';
      do {
        const answer = await user.list(`?search=word&limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`);
        seen.push(...ids(answer));
        cursor = answer.body.page.nextCursor;
        await user.create({ title: sort === '-title' ? 'word and z' : 'a word and more' });
      } while (cursor);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(idsAtFirst));
    },
  );

  test.each(['rank', 'updated_at', 'title desc', "title'; drop table notes; --", '--title', ''])(
    'refuses sort=%s',
    async (sort) => {
      const { body } = await service.newUser().list(`?sort=${encodeURIComponent(sort)}`);
      expect(body).toMatchObject(fault('query.sort'));
    },
  );

  test('refuses the cursor of another sort or another search', async () => {
    const user = await userWith(...notes);
    const { nextCursor } = (await user.list('?sort=title&limit=1')).body.page;
    for (const other of ['sort=-title', 'sort=updatedAt', 'sort=title&tag=x', 'sort=title&search=a'])
      expect((await user.list(`?${other}&cursor=${nextCursor}`)).body).toMatchObject({
        code: 'invalid_cursor',
      });
  });

  test.each([
    ['a string for a time', ['x', '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44'], 'updatedAt'],
    ['a number for a title', [1, '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44'], 'title'],
    ['NUL in a title', ['a\0', '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44'], 'title'],
    ['half a surrogate pair in a title', ['\ud800', '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44'], 'title'],
    ['a string for a rank', ['0.5', '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44'], 'relevance&search=a'],
    ['no rank', [null, '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44'], 'relevance&search=a'],
    ['no id', ['a', 'x'], 'title'],
  ])('refuses a crafted cursor with %s', async (_what, position, sort) => {
    const user = await userWith(...notes);
    const { nextCursor } = (await user.list(`?sort=${sort}&limit=1`)).body.page;
    const [fingerprint] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
    const crafted = Buffer.from(JSON.stringify([fingerprint, position])).toString('base64url');
    expect((await user.list(`?sort=${sort}&cursor=${crafted}`)).body).toMatchObject({
      code: 'invalid_cursor',
    });
  });
});

test('a list ignores unknown parameters', async () => {
  const user = await userWith({ title: 'a' });
  expect(titles(await user.list('?user_id=x&title[$ne]=b&$where=1'))).toEqual(['a']);
});

describe('the total of a list', () => {
  test('is returned with a page number and with `total=true`', async () => {
    const user = await userWith(...Array.from({ length: 5 }, (_, i) => ({ title: `${i}`, pinned: i > 2 })));
    expect((await user.list('?limit=2&total=true')).body.page).toMatchObject({
      total: 5,
      nextCursor: expect.any(String),
    });
    expect((await user.list('?limit=2&page=3')).body).toMatchObject({
      items: [{ title: '0' }],
      page: { limit: 2, nextCursor: null, total: 5 },
    });
    expect((await user.list('?page=9')).body).toEqual({
      items: [],
      page: { limit: 20, nextCursor: null, total: 5 },
    });
    expect((await user.list('?pinned=true&total=true')).body.page.total).toBe(2);
    expect((await user.list('?limit=2')).body.page).not.toHaveProperty('total');
  });
});

describe('a walk over pages while notes are written', () => {
  const note = (index: number) => ({ title: `note ${index}` });
  const isTrashed = (index: number) => index % 2 === 0;

  test.each([
    '?limit=2',
    '?limit=2&sort=title',
    '?limit=2&sort=createdAt',
    '/trash?limit=2',
    '/changes?limit=2',
  ])('of %s gives each unchanged note once', async (path) => {
    const user = service.newUser();
    const created: string[] = [];
    for (let i = 0; i < 16; i++) created.push((await user.create(note(i))).body.id);
    for (const id of created.filter((_, index) => isTrashed(index))) await user.remove(id);
    const [live, trashed] = [created[1]!, created[0]!];
    const writes = [
      () => user.create(note(99)),
      () => user.patch(live, { title: `changed ${Math.random()}` }),
      () => user.remove(live),
      () => user.call('POST', `/api/notes/${trashed}/restore`),
      () => user.call('DELETE', `/api/notes/${trashed}?permanent=true`),
      () => user.call('POST', `/api/notes/${live}/restore`),
    ];
    const seen: string[] = [];
    const nameOfCursor = path.startsWith('/changes') ? 'since' : 'cursor';
    let next = '';
    for (let hasMore = true; hasMore;) {
      const answer = await user.call('GET', `/api/notes${path}${next}`);
      seen.push(...ids(answer));
      const { nextCursor, hasMore: isMore = nextCursor !== null } = answer.body.page;
      next = `&${nameOfCursor}=${nextCursor}`;
      hasMore = isMore;
      service.advance(1);
      await writes.shift()?.();
    }
    const isListed = (index: number) =>
      path.startsWith('/changes') || isTrashed(index) === path.startsWith('/trash');
    const unchanged = created.filter((id, index) => id !== live && id !== trashed && isListed(index));
    expect(seen.filter((id) => unchanged.includes(id)).toSorted()).toEqual(unchanged.toSorted());
  });

  test('of versions gives each earlier version once', async () => {
    const user = service.newUser();
    const { id } = (await user.create(note(0))).body;
    for (let i = 1; i < 8; i++) await user.patch(id, note(i));
    const seen: number[] = [];
    let next = '';
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await user.call('GET', `/api/notes/${id}/versions?limit=2${next}`);
      seen.push(...body.items.map(({ version }: { version: number }) => version));
      cursor = body.page.nextCursor;
      next = `&cursor=${cursor}`;
      await user.patch(id, note(seen.length + 10));
    }
    expect(seen).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });
});
