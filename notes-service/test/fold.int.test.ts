import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTextFolder } from '../src/search/folded-text.ts';
import { tokensOf } from '../src/search/words.ts';
import { createDatabase, createEmptyDatabase } from './database.ts';
import { randomTexts } from './random-searches.ts';

async function connectTo(connectionString: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

let database: pg.Pool;
beforeAll(async () => {
  database = new pg.Pool({ connectionString: await createDatabase(), max: 2 });
});
afterAll(() => database.end());

async function fold(text: string): Promise<string> {
  const { rows } = await database.query<{ folded: string }>('select notes_fold($1) as folded', [text]);
  return rows[0]?.folded ?? '';
}

describe('the fold of a text', () => {
  test.each([
    ['Latin', 'cafe strasse', ['CAFÉ STRASSE', 'cafe\u0301 STRAẞE', 'ｃａｆｅ\u00a0ſtraße', '𝒸𝒶𝒻ℯ ⓢⓣⓡⓐⓢⓢⓔ']],
    ['Latin', 'aero lodz thor', ['Ærø Łódź Þór', 'ÆRØ ŁÓDŹ ÞÓR']],
    ['Latin', 'istanbul ilik', ['İstanbul ılık', 'ISTANBUL ILIK', 'i\u0307stanbul ilık']],
    ['Latin', 'dzep finance 8', ['ǅep ﬁnance ⁸', 'ǄEP FINANCE ８', 'd\u017eep ﬁna\u00adnce ８']],
    ['Latin', 'viet nam', ['Việt Nam', 'Vie\u0323\u0302t Nam', 'VIÊ\u0323T NAM']],
    ['Greek', 'γιωργοσ', ['ΓΙΩΡΓΟΣ', 'γιωργος', 'Γιώργος', 'Γιω\u0301ργος', 'Γιὼργος']],
    ['Greek', 'αδησ', ['ᾅδης', 'ᾍδης', 'ΑΔΗΣ']],
    ['Cyrillic', 'елка ии', ['Ёлка йи', 'ЁЛКА ЙИ', 'е\u0308лка и\u0306и', 'ё\u0301лка ии']],
    ['Cyrillic', "п'ять", ['п’ять', 'пʼять', 'П‘ЯТЬ', 'п`ять', 'п´ять']],
    ['Armenian', 'եւ հայ', ['և Հայ', 'ԵՒ ՀԱՅ']],
    ['Georgian', 'თბილისი', ['ᲗᲑᲘᲚᲘᲡᲘ', 'თბილისი']],
    ['Cherokee', 'ᎣᏏᏲ', ['ꭳꮟᏺ', 'Ꭳꮟᏺ']],
    ['Deseret', '𐐨𐐩', ['𐐀𐐁', '𐐀𐐩']],
    ['Hebrew', "שלום צה'ל", ['שָׁלוֹם צה״ל', 'שׁלום צה׳ל', '\u200fשלום\u200f צה״ל']],
    ['Arabic', 'السلام عليكم', ['السَّلامُ عَلَيْكُم', 'الســـلام عليكم', 'اﻟﺴﻼم\u200f عليكم', 'السلام علیکم']],
    ['Arabic', 'احمد الي مدرسه 12', ['أحمد إلى مدرسة ١٢', 'أَحْمَدُ إلي مدرسه ۱۲']],
    ['Syriac', 'ܫܠܡܐ', ['ܫܠܳܡܳܐ', 'ܫܠܵܡܵܐ']],
    ['Devanagari', 'हिन्दी जमीन 12', ['हिन्दी ज़मीन १२', 'हिन्\u200dदी ज\u093cमीन १२', 'हिन्दी \u095bमीन 12']],
    ['Bengali', 'বাংলা ড 3', ['বাংলা ড় ৩', 'বাংলা ড\u09bc ৩', 'ব\u09beংলা \u09dc ৩']],
    ['Tamil', 'கோ 5', ['க\u0bc7\u0bbe ௫', 'கோ ௫']],
    [
      'Thai',
      'น\u0e49\u0e4d\u0e32 9',
      ['น\u0e49\u0e33 ๙', 'น\u0e49\u0e4d\u0e32 9', '\u200bน\u0e49\u0e33\u200b ๙'],
    ],
    ['Khmer', 'ខ្មែរ 7', ['ខ្មែរ\u200b ៧', 'ខ្មែ\u17b4រ ៧']],
    ['Korean', '한글', ['\u1112\u1161\u11ab\u1100\u1173\u11af', '한\u3164글', '\uffa0한글']],
    ['Japanese', 'パソコン ガ', ['ﾊﾟｿｺﾝ ｶﾞ', 'ハ\u309aソコン カ\u3099']],
    ['Chinese', '東京 神 平成', ['東京\u3000神 ㍻', '東京 \ufa19 平成', '東\u{e0100}京 神\ufe00 平成']],
    ['Ethiopic', 'ሰላም', ['ሰ\u135fላም']],
    [
      'punctuation',
      "it's",
      ['it’s', 'it‘s', 'itʼs', 'it´s', 'it`s', 'it′s', 'it＇s', 'it\u02b9s', 'it\ua78cs', 'it᾽s'],
    ],
    ['emoji', '❤ 1', ['❤\ufe0f 1\ufe0f\u20e3', '\ufeff❤ ①']],
  ])('is the same for texts in %s that a reader takes for %s', async (_script, folded, texts) => {
    const folds = await Promise.all([...texts, folded].map(fold));
    expect(folds).toEqual(folds.map(() => folded));
  });

  test.each([
    ['Devanagari vowel signs', 'कि', 'की'],
    ['a virama', 'क्त', 'कत'],
    ['Thai tones', 'ข่าว', 'ข้าว'],
    ['Thai vowels', 'กิน', 'กัน'],
    ['Burmese tones', 'ဆုံ', 'ဆုံ့'],
    ['Khmer vowels', 'គិត', 'គុត'],
    ['voiced kana', 'かき', 'かぎ'],
    ['voiced halfwidth kana', 'ﾊ', 'ﾊ\uff9e'],
    ['Thaana vowels', 'ދިވެހި', 'ދވހ'],
  ])('keeps %s, which make other words', async (_what, one, other) => {
    expect(await fold(one)).not.toBe(await fold(other));
  });

  test('does not change when it is folded again, and is the fold of its parts', async () => {
    for (const text of randomTexts({ seed: 20_261_125, count: 150 })) {
      const [folded] = await createTextFolder(fold)([text]);
      expect([text, folded?.folded]).toEqual([text, await fold(text)]);
      expect([text, await fold(folded?.folded ?? '')]).toEqual([text, folded?.folded]);
    }
  });
});

describe('the words of a text', () => {
  async function wordsInSql(folded: string): Promise<string[]> {
    const { rows } = await database.query<{ words: string[] }>('select notes_words($1) as words', [folded]);
    return rows[0]?.words ?? [];
  }
  const wordsOf = (folded: string) =>
    tokensOf(folded).map(({ lexemes: [short = '', long = short] }) => [short, long]);
  // oxlint-disable-next-line no-control-regex
  const optionalLetter = /\u0001.?/gu;
  const lexemesOf = (words: string[]) =>
    words.map((word) => [word.replaceAll(optionalLetter, ''), word.replaceAll('\u0001', '')]);

  test.each([
    ['letters and digits', 'covid19 3.14 inv-2024', ['covid', '19', '3', '14', 'inv', '2024']],
    ['an address', 'anna.m@example.com/a_b?c', ['anna', 'm', 'example', 'com', 'a', 'b', 'c']],
    ['symbols', 'a🎉b → c', ['a', '🎉', 'b', '→', 'c']],
    ['a run', '東京都 タワー', ['東京', '京都', '都', 'タワ', 'ワー', 'ー']],
    ['a run beside letters', 'iphone東京x', ['iphone', '東京', '京', 'x']],
    ['marks that join letters', 'हिन्दी', ['हिन्दी']],
    ['words of more than 200 letters', `${'a'.repeat(201)}b`, ['a'.repeat(200), 'ab']],
    ['an optional letter where a word is split', `${'a'.repeat(199)}u\u0001eb`, [`${'a'.repeat(199)}u`, 'b']],
    ['an optional letter after a split', `${'a'.repeat(200)}u\u0001eb`, ['a'.repeat(200), 'ub']],
  ])('are the same in SQL and in the service: %s', async (_what, text, words) => {
    expect(lexemesOf(await wordsInSql(text)).map(([word]) => word)).toEqual(words);
    expect(wordsOf(text).map(([word]) => word)).toEqual(words);
  });

  /** The letters of a block that SQL and the service split from their neighbours in different ways. */
  async function lettersWithOtherWords(letters: string[]): Promise<string[]> {
    const text = letters.map((letter) => `a${letter}b`).join(' 7 ');
    const [ours, theirs] = [tokensOf(text).flatMap(({ lexemes }) => lexemes), await wordsInSql(text)].map(
      (words) => words.join(' ').split(' 7 '),
    );
    return letters.filter((_letter, index) => ours?.[index] !== theirs?.[index]);
  }

  const manyAlike = [
    [0, 0xa0],
    [0x3500, 0x9f00],
    [0xac80, 0xd700],
    [0xd800, 0xf8ff],
    [0xfeff, 0xfeff],
    [0x17100, 0x18c00],
  ];
  /** The characters of two planes, without controls, surrogates, and most of the largest scripts. */
  const blocksOfLetters = () =>
    Array.from({ length: 32 }, (_block, block) =>
      Array.from({ length: 4_096 }, (_letter, index) => block * 4_096 + index)
        .filter((code) => !manyAlike.some(([from = 0, to = 0]) => code >= from && code <= to))
        .map((code) => String.fromCodePoint(code)),
    );

  test('are the same in SQL and in the service for random texts, but for letters of a newer Unicode version', async () => {
    const newer = (await Promise.all(blocksOfLetters().map(lettersWithOtherWords))).flat();
    expect(newer.length).toBeLessThan(500);
    // A punctuation mark of Unicode 16.
    expect(newer.filter((letter) => !/[\p{L}\p{M}\u{10ed0}]/u.test(letter))).toEqual([]);
    for (const text of randomTexts({ seed: 20_261_126, count: 150 })) {
      const folded = (await fold(text)).replaceAll(new RegExp(`[${newer.join('')}]`, 'gu'), '');
      expect([text, wordsOf(folded)]).toEqual([text, lexemesOf(await wordsInSql(folded))]);
    }
  });
});

describe('the migration that folds texts', () => {
  const folder = new URL('../prisma/migrations/', import.meta.url);
  const sqlOf = (name: string) => readFile(new URL(`${name}/migration.sql`, folder), 'utf8');

  test('rebuilds the search index and the order of titles of the notes that exist', async () => {
    const client = await connectTo(await createEmptyDatabase());
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const [migration = '', ...earlier] = names
      .filter((name) => name <= '20261125000000_fold_texts')
      .toSorted()
      .toReversed();
    for (const name of earlier.toReversed()) await client.query(await sqlOf(name));
    const userId = randomUUID();
    for (const title of ['Note 10', 'Note 2', 'ΓΙΩΡΓΟΣ'])
      await client.query(
        `insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at)
         values (gen_random_uuid(), $1, $2, 'Ge\u00adsamt\u00adkonzept', '{}', false, false, 1, now(), now())`,
        [userId, title],
      );
    await client.query(await sqlOf(migration));
    const titlesOf = async (condition: string) => {
      const { rows } = await client.query<{ title: string }>(
        `select title from notes where user_id = $1 and ${condition} order by title`,
        [userId],
      );
      return rows.map(({ title }) => title);
    };
    expect(await titlesOf(`tsv @@ 'gesamtkonzept'`)).toEqual(['Note 2', 'Note 10', 'ΓΙΩΡΓΟΣ']);
    expect(await titlesOf(`tsv @@ phraseto_tsquery('simple', notes_fold('γιωργος'))`)).toEqual(['ΓΙΩΡΓΟΣ']);
    const { rows } = await client.query<{ name: string }>(
      `select indexname as name from pg_indexes where tablename = 'notes' order by name`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'notes_pkey',
      'notes_user_id_created_at_id_idx',
      'notes_user_id_tags_tsv_idx',
      'notes_user_id_title_id_idx',
      'notes_user_id_updated_at_id_archived_pinned_idx',
    ]);
    await client.end();
  });
});
