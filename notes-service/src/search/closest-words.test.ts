import { describe, expect, test } from '@jest/globals';
import {
  closestWords,
  correctableWords,
  findReplacements,
  maxSlips,
  withReplacements,
  type SearchedWord,
} from './closest-words.ts';
import type { Query, QueryTerm } from './query.ts';

const wholeWord = (...lexemes: string[]): SearchedWord => ({ lexemes, isPrefix: false });
const openWord = (...lexemes: string[]): SearchedWord => ({ lexemes, isPrefix: true });
const term = (...words: SearchedWord[]): QueryTerm => ({
  words: words.map((word, offset) => ({ ...word, isRun: false, offset })),
  isNegated: false,
});

const vocabulary = [
  'quarterly',
  'meeting',
  'meetings',
  'kitchen',
  'the',
  'cat',
  'car',
  'мюнхен',
  'собака',
  'muller',
  'mueller',
  '2026',
  'Ⅷ',
];

describe('the closest words', () => {
  test.each([
    ['a missing letter', 'qarterly', ['quarterly']],
    ['a doubled letter', 'quarrterly', ['quarterly']],
    ['another letter', 'quarterlz', ['quarterly']],
    ['swapped neighbours', 'quaretrly', ['quarterly']],
    ['two slips in a long word', 'kicthne', ['kitchen']],
    ['only the smallest distance', 'meetng', ['meeting']],
    ['all words of the same distance', 'caz', ['car', 'cat']],
    ['Cyrillic', 'сабака', ['собака']],
    ['two slips in Cyrillic', 'мунхин', ['мюнхен']],
  ])('are found in spite of %s', (_what, searched, closest) => {
    expect(closestWords([wholeWord(searched)], vocabulary)).toEqual([[searched, closest]]);
  });

  test.each([
    ['a word that the notes contain', wholeWord('meeting')],
    ['a word with two forms, of which the notes contain one', wholeWord('ketchen', 'kitchen')],
    ['the beginning of a word that the notes contain', openWord('quart')],
    ['a word that is too different', wholeWord('elephant')],
    ['a short word with two slips', wholeWord('cst')],
    ['a word of two letters', wholeWord('ca')],
    ['a number', wholeWord('2025')],
    ['an open word that does not begin like another', openWord('elep')],
    ['an open word of three letters, by a beginning', openWord('qur')],
    ['a word that is no open word, by a beginning', wholeWord('qaurt')],
  ])('are none for %s', (_what, word) => {
    expect(closestWords([word], word.lexemes[0] === 'cst' ? ['the', 'cart'] : vocabulary)).toEqual([]);
  });

  test.each([
    ['qaurt', ['quarterly']],
    ['meetn', ['meeting', 'meetings']],
    ['kichen', ['kitchen']],
  ])('of an open word, %s, are whole words or words with a close beginning', (searched, closest) => {
    expect(closestWords([openWord(searched)], vocabulary)).toEqual([[`${searched}:*`, closest]]);
  });

  test('of a word with two forms are those of the closest form', () => {
    expect(closestWords([wholeWord('mullre', 'muellre')], vocabulary)).toEqual([
      ['mullre|muellre', ['mueller', 'muller']],
    ]);
  });

  test('are at most ten', () => {
    const many = Array.from({ length: 26 }, (_, index) => `wor${String.fromCodePoint(97 + index)}`);
    const [replacement] = closestWords([wholeWord('wor0')], many);
    expect(replacement?.[1]).toEqual(many.slice(0, 10));
  });
});

describe('the slips that a word may contain', () => {
  test.each([
    ['to', 0],
    ['the', 1],
    ['green', 1],
    ['yellow', 2],
    ['2026', 0],
    ['𐐨𐐩', 0],
    ['𐐨𐐩𐐪', 1],
  ])('%s: %i', (lexeme, slips) => {
    expect(maxSlips(lexeme)).toBe(slips);
  });
});

describe('the words of a search that may contain a slip', () => {
  test('are its first eight different words, without negated words, numbers and scripts without spaces', () => {
    const run = { lexemes: ['東京'], isPrefix: false, isRun: true, offset: 0 };
    const query: Query = [
      [
        term(wholeWord('green'), wholeWord('to'), wholeWord('2026')),
        { ...term(wholeWord('red')), isNegated: true },
        { words: [run], isNegated: false },
      ],
      [term(wholeWord('green')), ...Array.from('abcdefghi', (letter) => term(openWord(`${letter}xx`)))],
    ];
    expect(correctableWords(query).map(({ lexemes }) => lexemes[0])).toEqual([
      'green',
      ...Array.from('abcdefg', (letter) => `${letter}xx`),
    ]);
  });
});

describe('a query with replacements', () => {
  test('has them in words and phrases that are not negated, and stays as it is elsewhere', () => {
    const query: Query = [
      [term(wholeWord('the'), wholeWord('qarterly')), { ...term(wholeWord('qarterly')), isNegated: true }],
      [term(openWord('qarterly')), term(wholeWord('mullre', 'muellre'))],
    ];
    const replaced = withReplacements(query, [
      ['qarterly', ['quarterly']],
      ['mullre|muellre', ['muller', 'mueller']],
    ]);
    expect(replaced).toEqual([
      [term(wholeWord('the'), wholeWord('quarterly')), query[0]?.[1]],
      [term(openWord('qarterly')), term(wholeWord('muller', 'mueller'))],
    ]);
  });
});

describe('the replacements of a query', () => {
  test('leave a word as it is that only an old note contains', async () => {
    const asked: SearchedWord[][] = [];
    const replacements = await findReplacements([[term(wholeWord('meating')), term(wholeWord('qarterly'))]], {
      known: () => Promise.resolve(['meating']),
      vocabulary: (words) => {
        asked.push(words);
        return Promise.resolve(vocabulary);
      },
    });
    expect(replacements).toEqual([['qarterly', ['quarterly']]]);
    expect(asked.map((words) => words.map(({ lexemes }) => lexemes[0]))).toEqual([['qarterly']]);
  });
});
