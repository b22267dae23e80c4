import { describe, expect, test } from '@jest/globals';
import { looseRun, withLooseRuns } from './loose-runs.ts';
import type { Query, QueryTerm } from './query.ts';

function run(text: string): QueryTerm {
  const characters = Array.from(text);
  const words = characters.slice(1).map((character, offset) => ({
    lexemes: [`${characters[offset] ?? ''}${character}`],
    isPrefix: false,
    isRun: true,
    offset,
  }));
  return { words, isNegated: false };
}

const wordTerm: QueryTerm = {
  words: [{ lexemes: ['word'], isPrefix: false, isRun: false, offset: 0 }],
  isNegated: false,
};

/** The words of a term with their offsets. */
const write = ({ words }: QueryTerm) =>
  words
    .map(({ lexemes, isPrefix, offset }) => `${offset}${lexemes.join('|')}${isPrefix ? ':*' : ''}`)
    .join(' ');

describe('a run with a slip', () => {
  test.each([
    ['東京都', ['0京都', '0東:* 1都:*', '0東:* 2都:*', '0東:* 3都:*', '0東京']],
    [
      '会議室予',
      [
        '0議室 1室予',
        '0会:* 1室予',
        '0会:* 2室予',
        '0会:* 3室予',
        '0会議 2予:*',
        '0会議 3予:*',
        '0会議 4予:*',
        '0会議 1議室',
      ],
    ],
    ['𠀀𠀁𠀂', ['0𠀁𠀂', '0𠀀:* 1𠀂:*', '0𠀀:* 2𠀂:*', '0𠀀:* 3𠀂:*', '0𠀀𠀁']],
  ])('%s is found with a character too many, another one, and one that is missing', (text, variants) => {
    expect(looseRun(run(text)).map(write)).toEqual(variants);
  });

  test.each([
    ['two characters', run('東京')],
    ['more than twenty characters', run('東'.repeat(21))],
    ['a negated run', { ...run('東京都'), isNegated: true }],
    ['a word', wordTerm],
    [
      'a phrase of a run and a word',
      { words: [...run('東京都').words, ...wordTerm.words], isNegated: false },
    ],
  ])('is not assumed in %s', (_what, term) => {
    expect(looseRun(term)).toEqual([]);
  });
});

describe('a query with loose runs', () => {
  const writeAll = (query: Query) => query.map((terms) => terms.map(write).join(', '));

  test('allows one slip in one run of each alternative', () => {
    const loose = writeAll(withLooseRuns([[wordTerm, run('東京都'), run('大阪府')], [wordTerm]]));
    expect(loose).toHaveLength(11);
    expect(loose.slice(0, 2)).toEqual(['0word, 0京都, 0大阪 1阪府', '0word, 0東:* 1都:*, 0大阪 1阪府']);
    expect(loose.slice(-3)).toEqual([
      '0word, 0東京 1京都, 0大:* 3府:*',
      '0word, 0東京 1京都, 0大阪',
      '0word',
    ]);
  });

  test('stays as it is if it would have too many alternatives', () => {
    const query = [Array.from({ length: 30 }, () => run('東京都'))];
    expect(withLooseRuns(query)).toBe(query);
  });
});
