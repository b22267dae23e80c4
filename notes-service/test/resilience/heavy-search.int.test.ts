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

describe('a note of the maximum length', () => {
  const distinct = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => String.fromCodePoint(from + i));
  const ideographs = distinct(42_000, 0x20000);
  const longUnits = distinct(0x58, 0x3300).filter((unit) => unit.normalize('NFKD').length > 4);
  const inTitle = '𠀀'.repeat(200);

  test.each([
    ['one word', 'x'.repeat(100_000), inTitle],
    ['one word of the longest characters', '𠀀'.repeat(100_000), inTitle],
    ['as many words as fit', `${ideographs.join(' ')} ${distinct(8_000, 0x4e00).join(' ')}`, '𠀀'],
    [
      'words of two of the longest characters',
      ideographs
        .slice(0, 33_333)
        .map((c) => `${c}𠀀`)
        .join(' '),
      '𠀀𠀀',
    ],
    [
      'the longest words',
      distinct(195, 0x20000)
        .map((c) => c.repeat(511))
        .join(' '),
      '𠀀',
    ],
    [
      'words that are just too long for PostgreSQL',
      distinct(194, 0x20000)
        .map((c) => c.repeat(512))
        .join(' '),
      inTitle,
    ],
    [
      'hyphenated words',
      ideographs
        .slice(0, 33_000)
        .map((c, i) => `${c}${i % 9}`)
        .join('-'),
      '𠀀0',
    ],
    [
      'different words of characters that fold to longer words',
      Array.from({ length: 4_700 }, (_, i) =>
        [i, i / 26, i / 676]
          .map((n) => longUnits[Math.floor(n) % 26])
          .join('')
          .padEnd(20, '㍖'),
      ).join(' '),
      `アンペアアンペアアンペア${'レントゲン'.repeat(17)}`,
    ],
    ['characters that become longer without accents', 'Ⅷœß '.repeat(25_000), 'viiioess'],
    [
      'paths',
      Array.from({ length: 9_000 }, (_, i) => `a/&b/${i}.x`)
        .join(' ')
        .slice(0, 100_000),
      'a/&b/7.x',
    ],
    ['combining marks', 'a\u0301'.repeat(50_000), inTitle],
    ['markup only', '<b>&'.repeat(25_000), 'b'],
    ['no words', '😀'.repeat(100_000), inTitle],
  ])('is stored and found: %s', async (_what, content, search) => {
    const user = service.newUser();
    const tags = Array.from({ length: 50 }, (_, i) => `${'𠀀'.repeat(48)}${i}`);
    const created = await user.create({ title: inTitle, content, tags });
    expect(created.status).toBe(201);
    expect(created.body.content).toBe(content);
    expect(await find(user, search)).toEqual([created.body.title]);
    expect((await user.patch(created.body.id, { pinned: true })).status).toBe(200);
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
