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

const write = ({ words }: QueryTerm) =>
  words.map(({ lexemes, isPrefix }) => `${lexemes.join('|')}${isPrefix ? ':*' : ''}`).join('>');

describe('a run with a slip', () => {
  test.each([
    ['東京都', [['京都'], ['東:*', '都:*'], ['東京']]],
    ['会議室予', [['議室>室予'], ['会:*', '室予'], ['会議', '予:*'], ['会議>議室']]],
    [
      'สวัสดี',
      [['วั>ัส>สด>ดี'], ['ส:*', 'ัส>สด>ดี'], ['สว', 'สด>ดี'], ['สว>วั', 'ดี'], ['สว>วั>ัส', 'ี:*'], ['สว>วั>ัส>สด']],
    ],
    ['𠀀𠀁𠀂', [['𠀁𠀂'], ['𠀀:*', '𠀂:*'], ['𠀀𠀁']]],
  ])('%s is found without one of its characters', (text, parts) => {
    expect(looseRun(run(text)).map((terms) => terms.map(write))).toEqual(parts);
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
  const writeAll = (query: Query) => query.map((terms) => terms.map(write).join(' '));

  test('allows one slip in one run of each alternative', () => {
    expect(writeAll(withLooseRuns([[wordTerm, run('東京都'), run('大阪府')], [wordTerm]]))).toEqual([
      'word 京都 大阪>阪府',
      'word 東:* 都:* 大阪>阪府',
      'word 東京 大阪>阪府',
      'word 東京>京都 阪府',
      'word 東京>京都 大:* 府:*',
      'word 東京>京都 大阪',
      'word',
    ]);
  });

  test('stays as it is if it would have too many alternatives', () => {
    const query = [Array.from({ length: 30 }, () => run('東京都'))];
    expect(withLooseRuns(query)).toBe(query);
  });
});
