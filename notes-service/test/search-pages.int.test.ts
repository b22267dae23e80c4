import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '@polyglot-notes/service-kit/testing';
import { startService, titles, titlesOnAllPages, type Service, type User } from './service.ts';

const [rankedMatches, countedMatches] = [10, 30];

let service: Service;
beforeAll(async () => {
  service = await startService({ rankedMatches, countedMatches });
});
afterAll(() => service.close());

const query = (search: string) => `?search=${encodeURIComponent(search)}`;
const modeOf = ({ body }: Answer) => [body.page.mode, titles({ body } as Answer).toSorted()];

/** A user with these notes, each written later than the previous one. */
async function userWith(...notes: (string | object)[]) {
  const user = service.newUser();
  for (const note of notes) {
    service.advance(1_000);
    await user.create(typeof note === 'string' ? { title: note } : note);
  }
  return user;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('the mode of a page', () => {
  let typist: User;
  beforeAll(async () => {
    typist = await userWith(
      'Meeting',
      'Pancakes with maple syrup',
      'Собрание жильцов',
      'Crème brûlée',
      { title: 'Herr Müller', tags: ['garden'] },
      '東京タワー',
    );
  });

  test('is exact if the words are found as they are, and absent without a search', async () => {
    const user = await userWith('meeting', 'meetings', 'greeting');
    expect(modeOf(await user.list(query('meeting')))).toEqual(['exact', ['meeting', 'meetings']]);
    expect(modeOf(await user.list(query('nothing like it')))).toEqual(['exact', []]);
    expect((await user.list()).body.page).not.toHaveProperty('mode');
  });

  test.each([
    ['a swap', 'meeitng', ['Meeting']],
    ['a missing letter', 'meting', ['Meeting']],
    ['a letter too many', 'meetting', ['Meeting']],
    ['a wrong letter', 'meezing', ['Meeting']],
    ['a slip in a word that is being typed', 'pankake', ['Pancakes with maple syrup']],
    ['slips in two words', 'pancaxes syrop', ['Pancakes with maple syrup']],
    ['a slip beside words as they are', 'pancakes witj maple', ['Pancakes with maple syrup']],
    ['a slip in a phrase', '"maplee syrup"', ['Pancakes with maple syrup']],
    ['a slip in one of two alternatives', 'meeitng or nowhere', ['Meeting']],
    ['a slip beside an excluded word', 'meeitng -pancakes', ['Meeting']],
    ['a slip in Cyrillic', 'сабрание', ['Собрание жильцов']],
    ['a slip with accents', 'cremme brulee', ['Crème brûlée']],
    ['a slip with an umlaut', 'muelller', ['Herr Müller']],
    ['a slip in a run', '東亰タワー', ['東京タワー']],
    ['a slip in a tag', 'garedn', ['Herr Müller']],
  ])('is close if nothing matches but %s', async (_what, search, found) => {
    const answer = await typist.list(query(search));
    expect(modeOf(answer)).toEqual(['close', found]);
    expect(answer.body.items[0].rank).toBeGreaterThan(0);
  });

  test('is exact if one note matches exactly and others only nearly', async () => {
    const user = await userWith('meetinh', 'meeting');
    expect(modeOf(await user.list(query('meetinh')))).toEqual(['exact', ['meetinh']]);
  });

  test.each([
    ['numbers', '2024-0043'],
    ['a number in a word', 'covid18'],
    ['words of two letters', 'zp'],
    ['excluded words', 'zip -wort'],
    ['only excluded words', '-wordd'],
    ['words that resemble none', 'xylophone'],
    ['a note of another user', 'treasury'],
  ])('is never close for %s', async (_what, search) => {
    await userWith('treasure');
    const user = await userWith('zip word 2024-0042 covid19 zq');
    const answer = await user.list(query(search));
    expect(modeOf(answer)).toEqual(['exact', search.includes('-wor') ? titles(answer) : []]);
  });

  test('is close if only notes outside the filters have the word as it is', async () => {
    const user = await userWith(
      { title: 'the parcel', tags: ['home'] },
      { title: 'the parsel', tags: ['work'] },
      { title: 'a parsel', archived: true },
    );
    expect(modeOf(await user.list(`${query('parsel')}&tag=home`))).toEqual(['close', ['the parcel']]);
    expect(modeOf(await user.list(query('parsel')))).toEqual(['exact', ['the parsel']]);
  });

  test('marks the closest words', async () => {
    const user = await userWith({ title: 'A Meeting', content: 'the <b>meetings</b> of May' });
    const { body } = await user.list(query('meeitng'));
    expect(body.items[0].highlight).toEqual({
      title: 'A <mark>Meeting</mark>',
      content: expect.stringContaining('&lt;b&gt;'),
    });
  });

  test('is kept by the cursor although another note begins or ceases to match exactly', async () => {
    const user = await userWith('meeting 1', 'meeting 2', 'meeting 3');
    for (const sort of ['relevance', 'title', '-updatedAt']) {
      const list = `${query('meetinh')}&limit=1&sort=${sort}`;
      const first = await user.list(list);
      const { body: exact } = await user.create({ title: 'zz meetinh' });
      const second = await user.list(`${list}&cursor=${first.body.page.nextCursor}`);
      const third = await user.list(`${list}&cursor=${second.body.page.nextCursor}`);
      expect([first, second, third].map(({ body }) => body.page.mode)).toEqual(['close', 'close', 'close']);
      expect([first, second, third].flatMap(titles).toSorted()).toEqual([
        'meeting 1',
        'meeting 2',
        'meeting 3',
      ]);
      await user.remove(exact.id);
    }
    const list = `${query('meeting')}&limit=2&sort=title`;
    const first = await user.list(list);
    const { body } = await user.list(query('meeting 3'));
    await user.patch(body.items[0].id, { title: 'meating 3' });
    const second = await user.list(`${list}&cursor=${first.body.page.nextCursor}`);
    expect([second.status, second.body.page.mode, titles(second)]).toEqual([200, 'exact', []]);
  });

  test('counts the notes that it finds, also on pages by number', async () => {
    const user = await userWith('meeting 1', 'meeting 2', 'meeting 3', 'other');
    const answer = await user.list(`${query('meetinh')}&total=true&limit=2`);
    expect(answer.body.page).toMatchObject({ mode: 'close', total: 3 });
    const second = await user.list(`${query('meetinh')}&page=2&limit=2&sort=title`);
    expect(titles(second)).toEqual(['meeting 3']);
    expect(second.body.page).toEqual({ limit: 2, nextCursor: null, mode: 'close', total: 3 });
    const beyond = await user.list(`${query('meeting')}&page=3&limit=2`);
    expect(beyond.body.page).toMatchObject({ mode: 'exact', total: 3 });
  });
});

describe('a cursor of a search', () => {
  const cursorOf = ({ body }: Answer): string => body.page.nextCursor;
  const parse = (cursor: string) => JSON.parse(Buffer.from(cursor, 'base64url').toString());
  const encode = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const invalid = { status: 400, code: 'invalid_cursor' };

  test('is refused for another search, another filter and another sort', async () => {
    const user = await userWith('meeting 1', 'meeting 2');
    for (const [search, other] of [
      ['meeting', 'meetings'],
      ['meetinh', 'meetinj'],
      ['meeting', 'meetinh'],
      ['meetinh', 'meeting'],
    ] as const) {
      const cursor = cursorOf(await user.list(`${query(search)}&limit=1`));
      for (const list of [
        query(other),
        '?',
        `${query(search)}&sort=title`,
        `${query(search)}&pinned=false`,
        `${query(search)}&tag=x`,
      ])
        expect((await user.list(`${list}&limit=1&cursor=${cursor}`)).body).toMatchObject(invalid);
    }
  });

  test('is refused with its mode changed by hand', async () => {
    const user = await userWith('meeting 1', 'meeting 2');
    const list = `${query('meetinh')}&limit=1&sort=title`;
    const [, closePosition] = parse(cursorOf(await user.list(list)));
    for (const title of ['meetinh 1', 'meetinh 2']) await user.create({ title });
    const [exactMode] = parse(cursorOf(await user.list(list)));
    for (const cursor of [encode([exactMode, closePosition]), encode(['close', closePosition])])
      expect((await user.list(`${list}&cursor=${cursor}`)).body).toMatchObject(invalid);
  });

  test.each(['relevance', 'title'])(
    'is refused or harmless with any part of it changed, with sort=%s',
    async (sort) => {
      const user = await userWith(...numbers(12).map((number) => `meeting ${number}`));
      for (const search of ['meeting', 'meetinh']) {
        const list = `${query(search)}&limit=1&sort=${sort}`;
        const [mode, position] = parse(cursorOf(await user.list(list)));
        const json = JSON.stringify(position);
        const changes = [
          null,
          [],
          {},
          'x',
          [position],
          ...[/"[^"]*"/g, /-?\d[\d.e+-]*/g, /\[/g, /[{}]/g].flatMap((part) =>
            ['"\u0000"', '"\'\\\\"', '1e400', '{}'].flatMap((value) => {
              const changed = json.replace(part, value);
              try {
                return [JSON.parse(changed)];
              } catch {
                return [];
              }
            }),
          ),
        ];
        for (const change of changes) {
          const { status, body } = await user.list(`${list}&cursor=${encode([mode, change])}`);
          expect([change, status === 200 || body.code === 'invalid_cursor']).toEqual([change, true]);
        }
      }
    },
  );
});

describe('a search with more matches than are ranked', () => {
  const matches = 25;
  const all = numbers(matches).map((number) => `note ${number}`);
  const newestFirst = all.toReversed();
  let user: User;
  // The more of the word, the older the note.
  const noteOf = (number: number) => ({
    title: `note ${number}`,
    content: number % 3 === 0 ? 'word' : 'a word among other words that are not searched',
    tags: [number % 2 === 0 ? 'even' : 'odd'],
  });
  beforeAll(async () => {
    user = await userWith(...numbers(matches).map(noteOf), 'no match');
  });

  test('ranks the newest ones, says so, and continues with the older ones, the newest first', async () => {
    const { body } = await user.list(`${query('"word"')}&limit=100`);
    expect(body.page).toEqual({ limit: 100, nextCursor: null, mode: 'exact', truncated: true });
    const found = titles({ body } as Answer);
    expect(found.slice(rankedMatches)).toEqual(newestFirst.slice(rankedMatches));
    expect(found.slice(0, rankedMatches).toSorted()).toEqual(newestFirst.slice(0, rankedMatches).toSorted());
    const ranks = body.items.map(({ rank }: { rank: number }) => rank);
    const ranked = ranks.slice(0, rankedMatches);
    expect(ranked).toEqual(ranked.toSorted((a: number, b: number) => b - a));
    expect(new Set(ranked).size).toBeGreaterThan(1);
    expect(Math.min(...ranks)).toBeGreaterThan(0);
  });

  test.each([4, rankedMatches, rankedMatches + 1, 24])(
    'has every match once on its pages of %i, in the same order by cursor and by number',
    async (limit) => {
      const whole = titles(await user.list(`${query('"word"')}&limit=100`));
      expect(await titlesOnAllPages(user, 'search="word"', { limit })).toEqual(whole);
      const byNumber: string[] = [];
      for (const page of numbers(Math.ceil(matches / limit) + 1)) {
        const { body } = await user.list(`${query('"word"')}&limit=${limit}&page=${page}`);
        byNumber.push(...titles({ body } as Answer));
        expect(body.page).toMatchObject({ total: matches, nextCursor: null });
        expect(body.page.truncated ?? false).toBe(body.items.length > 0);
      }
      expect(byNumber).toEqual(whole);
    },
  );

  test('says on every page that not all matches are ranked', async () => {
    let cursor = '';
    for (let pages = 0; pages < 5; pages++) {
      const { body } = await user.list(`${query('"word"')}&limit=5${cursor && `&cursor=${cursor}`}`);
      expect(body.page).toMatchObject({ truncated: true, mode: 'exact' });
      cursor = body.page.nextCursor;
    }
    expect(cursor).toBeNull();
  });

  test('says nothing of it if all matches are ranked, with another sort, and without a search', async () => {
    const { body: fifth } = await user.list(query('"note 5"'));
    const { body } = await user.list(`${query('"word"')}&tag=even&from=${fifth.items[0].updatedAt}`);
    expect(body.items).toHaveLength(rankedMatches);
    expect(body.page).not.toHaveProperty('truncated');
    for (const list of [`${query('"word"')}&sort=title`, '?'])
      expect((await user.list(list)).body.page).not.toHaveProperty('truncated');
  });

  test.each([
    ['word', 'relevance'],
    ['word', 'title'],
    ['wortd', 'relevance'],
  ])(
    'has every match once while notes are created and changed between its pages: %s by %s',
    async (search, sort) => {
      const owner = await userWith(...numbers(matches).map(noteOf));
      const { body } = await owner.list('?limit=100&sort=createdAt');
      let step = 0;
      async function change() {
        service.advance(1_000);
        step++;
        await owner.create({ title: `new ${step}`, content: 'word '.repeat(step) });
        // These match before and after the change.
        for (const place of [step, matches - step])
          await owner.patch(body.items[place].id, { pinned: true, archived: false });
      }
      const walk = { limit: 5, afterPage: change };
      const seen = await titlesOnAllPages(owner, `search=${search}&sort=${sort}`, walk);
      expect(seen.filter((title) => title.startsWith('note')).toSorted()).toEqual(all.toSorted());
      expect(seen).toHaveLength(new Set(seen).size);
    },
  );

  test('has every match once if there are more than are ranked only after its first page', async () => {
    const first = numbers(rankedMatches).map((number) => `first ${number}`);
    const owner = await userWith(...first.map((title) => ({ title, content: 'word' })));
    const grow = async () => {
      for (const number of numbers(4)) {
        service.advance(1_000);
        await owner.create({ title: `later ${number}`, content: 'a word among other words' });
      }
    };
    const seen = await titlesOnAllPages(owner, 'search=word', { limit: 3, afterPage: grow });
    expect(seen.filter((title) => title.startsWith('first')).toSorted()).toEqual(first.toSorted());
  });

  test('shows a note that is rewritten between its pages at most twice, and every other match once', async () => {
    const owner = await userWith(...numbers(matches).map(noteOf));
    const { body } = await owner.list('?limit=100');
    let changed = 0;
    async function rewrite() {
      service.advance(1_000);
      changed++;
      const { id, title } = body.items[changed * 5] ?? {};
      if (id) await owner.patch(id, { title: `changed ${title}`, content: `word ${changed}` });
    }
    const seen = await titlesOnAllPages(owner, 'search="word"', { limit: 6, afterPage: rewrite });
    const untouched = body.items
      .map(({ title }: { title: string }, index: number) =>
        index > 0 && index % 5 === 0 ? undefined : title,
      )
      .filter((title: string | undefined) => title !== undefined);
    expect(seen.filter((title) => untouched.includes(title)).toSorted()).toEqual(untouched.toSorted());
  });
});

describe('the total of a search', () => {
  test('is exact up to a bound, and then a lower bound', async () => {
    const user = await userWith(...numbers(countedMatches).map((number) => `word ${number}`));
    const pageOf = async (list: string) => (await user.list(list)).body.page;
    for (const search of ['word', 'wodr']) {
      const page = await pageOf(`${query(search)}&total=true`);
      expect([search, page.total, page.totalIsLowerBound]).toEqual([search, countedMatches, undefined]);
    }
    await user.create({ title: 'word and one more' });
    for (const list of [
      `${query('word')}&total=true`,
      `${query('wodr')}&page=2`,
      `${query('-x')}&total=true&sort=title`,
    ])
      expect([list, await pageOf(list)]).toEqual([
        list,
        expect.objectContaining({ total: countedMatches, totalIsLowerBound: true }),
      ]);
    expect(await pageOf('?total=true&limit=100')).toEqual({
      limit: 100,
      nextCursor: null,
      total: countedMatches + 1,
    });
    const last = await user.list(`${query('word')}&page=4&limit=10`);
    expect(titles(last)).toHaveLength(1);
  });
});

describe('a search with a filter and a sort', () => {
  interface Example {
    title: string;
    content: string;
    tags: string[];
    pinned: boolean;
    archived: boolean;
  }
  const examples: Example[] = numbers(9).map((number) => ({
    title: `${(number * 7) % 10} ${number % 4 === 3 ? 'nothing' : 'meeting'}`,
    content: 'of the meeting'.repeat(number % 4 === 3 ? 0 : number % 3),
    tags: [...(number % 2 === 0 ? ['a'] : []), ...(number % 3 === 0 ? ['b'] : [])],
    pinned: number % 3 === 1,
    archived: number % 5 === 0,
  }));
  let user: User;
  const times: string[] = [];
  beforeAll(async () => {
    user = service.newUser();
    for (const example of examples) {
      service.advance(1_000);
      const { body } = await user.create(example);
      times.push(body.updatedAt);
    }
  });

  const isLive = ({ archived }: Example) => !archived;
  const filters: [filter: string, isWanted: (example: Example, index: number) => boolean][] = [
    ['', isLive],
    ['&tags=a,b', (example) => isLive(example) && example.tags.length === 2],
    ['&tags=a,b&tagMode=any', (example) => isLive(example) && example.tags.length > 0],
    ['&tag=b', (example) => isLive(example) && example.tags.includes('b')],
    ['&pinned=true', (example) => isLive(example) && example.pinned],
    ['&pinned=false&archived=any', ({ pinned }) => !pinned],
    ['&archived=true', ({ archived }) => archived],
    ['&from=4', (example, index) => isLive(example) && index >= 4],
    ['&to=4&archived=any', (_example, index) => index < 4],
    [
      '&from=2&to=7&tags=a&pinned=false',
      (example, index) =>
        isLive(example) && index >= 2 && index < 7 && example.tags.includes('a') && !example.pinned,
    ],
  ];
  const sorts = ['relevance', 'title', '-title', 'createdAt', '-createdAt', 'updatedAt', '-updatedAt'];

  test.each(sorts)('finds the notes that pass every filter, on all pages, in the order %s', async (sort) => {
    for (const [filter, isWanted] of filters) {
      const wanted = examples.filter(
        (example, index) => example.title.includes('meeting') && isWanted(example, index),
      );
      const inOrder = wanted.map(({ title }) => title);
      if (sort.endsWith('title')) inOrder.sort();
      if (sort.startsWith('-')) inOrder.reverse();
      const withTimes = filter.replaceAll(
        /(from|to)=(\d)/g,
        (_all, name: string, index: string) => `${name}=${times[Number(index)]}`,
      );
      for (const search of ['meeting', 'meetinh']) {
        const seen = await titlesOnAllPages(user, `search=${search}&sort=${sort}${withTimes}`, { limit: 3 });
        const found = sort === 'relevance' ? seen.toSorted() : seen;
        expect([search, filter, found]).toEqual([
          search,
          filter,
          sort === 'relevance' ? inOrder.toSorted() : inOrder,
        ]);
      }
    }
  });
});
