import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createDatabase } from '../database.ts';
import { startService, titles, type Service, type User } from '../service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const query = (search: string) => `?search=${encodeURIComponent(search)}`;
const find = async (user: User, search: string) => titles(await user.list(query(search))).toSorted();

describe('the longest search', () => {
  const words = Array.from({ length: 50 }, (_, i) => `w${i}`);
  const searches = [words.join(' '), `"${words.join(' ')}"`, words.join('-'), words.join(' or ')];

  // Each word occurs so often in each note that PostgreSQL stores no more of its positions.
  async function userWithLongestNotes() {
    const user = service.newUser();
    const content = `${words.join(' ')} `.repeat(700).slice(0, 100_000);
    for (let i = 0; i < 10; i++) await user.create({ title: `note ${i}`, content });
    return user;
  }

  test('is answered for the longest notes with any sort, also concurrently', async () => {
    const user = await userWithLongestNotes();
    const other = service.newUser();
    await other.create({ title: 'mine' });
    for (const search of searches)
      for (const sort of ['relevance', 'title']) {
        const { status, body } = await user.list(`${query(search)}&sort=${sort}`);
        expect([search, status, body.items.length]).toEqual([search, 200, 10]);
      }
    const concurrent = searches.flatMap((search) => [1, 2, 3].map(() => user.list(query(search))));
    const [list, ...responses] = await Promise.all([other.list(), ...concurrent]);
    expect([list.status, titles(list)]).toEqual([200, ['mine']]);
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
  });
});

describe('a run of characters that dictionaries make longer', () => {
  // PostgreSQL closes all connections when the memory of one is exceeded.
  let otherConnection: pg.Client;
  beforeAll(async () => {
    otherConnection = new pg.Client({ connectionString: await createDatabase() });
    await otherConnection.connect();
  });
  afterAll(() => otherConnection.end());

  test.each(
    ['Ⅷ', 'ⅷ', 'ﬃ', 'Œ', 'ß', 'İ', 'Ⱥ', '¼', '⅒', 'Ⅷ\u0301', '\ufdfa'].flatMap((character) =>
      [511, 512, 600, 680, 100_000].map((length) => [character, length] as const),
    ),
  )(
    'is stored and found without a crash of the server: %s up to the length of %i',
    async (character, length) => {
      const run = (max: number) => character.repeat(Math.min(length, max) / character.length);
      const user = service.newUser();
      const note = {
        title: run(200),
        content: `word ${run(99_990)}`,
        tags: [run(25)],
      };
      expect((await user.create(note)).status).toBe(201);
      expect((await user.create({ content: run(100_000) })).status).toBe(201);
      expect((await user.create({ title: 'both', content: `${run(49_999)} ${run(49_999)}` })).status).toBe(
        201,
      );
      for (const search of [run(1_000), `"${run(900)}"`, `-${run(900)}`, `${run(680)} word`])
        expect((await user.list(query(search))).status).toBe(200);
      expect(await find(user, 'word')).toEqual([note.title]);
      expect((await otherConnection.query('select 1 as alive')).rows).toEqual([{ alive: 1 }]);
    },
  );
});
