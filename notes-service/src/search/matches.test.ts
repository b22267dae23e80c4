import { describe, expect, test } from '@jest/globals';
import { closeQuery } from './close-query.ts';
import { createMatcher } from './matches.ts';
import { parseSearch } from './parse-search.ts';
import { toQuery, type Query } from './query.ts';
import { tokensOf, type Token } from './words.ts';

async function queryOf(search: string): Promise<Query> {
  const foldTexts = (texts: string[]) =>
    Promise.resolve(texts.map((text) => ({ original: text, folded: text, origins: [] })));
  return toQuery(parseSearch(search) ?? { alternatives: [] }, foldTexts);
}

/** The matched parts of a text. */
async function matchesOf(text: string, search: string) {
  const [matches = []] = createMatcher(await queryOf(search))([tokensOf(text)]);
  return matches.map(({ start, end }) => text.slice(start, end));
}

test.each([
  ['the longest of several terms', 'a b c', 'a "a b c" "a b"', ['a b c']],
  ['the longest of several runs', '東京都庁', '東 東京都 東京', ['東京都']],
  ['the bigram rather than the prefix', '東京', '東 東京', ['東京']],
  ['a shorter term where the longer one is not', 'a b a b c', '"a b" "a b c"', ['a b', 'a b c']],
  ['terms that begin with different tokens', 'a b c', '"a b" "b c"', ['a b', 'b c']],
])('one match for each token where a term begins: %s', async (_what, text, search, expected) => {
  expect(await matchesOf(text, search)).toEqual(expected);
});

test('one character of a run may be another one, missing or one too many in close mode', async () => {
  const find = createMatcher(closeQuery(await queryOf('東京都庁'), []));
  for (const text of ['東京市庁', '東京庁', '東京都区庁', '東庁', '市京都庁']) {
    const [matches = []] = find([tokensOf(`新${text}`)]);
    expect([text, matches.length > 0]).toEqual([text, text !== '東庁']);
  }
});

/** Counts how often the lexemes of tokens are read. */
function countReads(tokens: Token[]) {
  const count = { reads: 0 };
  const counted = tokens.map(({ lexemes, ...token }) => ({
    ...token,
    get lexemes() {
      count.reads++;
      return lexemes;
    },
  }));
  return { count, counted };
}

describe('the work for a text', () => {
  const runs = Array.from({ length: 43 }, (_, i) => 'あ'.repeat(i + 1));
  const manyRuns = runs.join(' ');
  const longestRun = 'あ'.repeat(1_000);

  test.each([
    ['many runs of its character', manyRuns, 'あ'.repeat(5_000)],
    ['many runs that are nearly in it', manyRuns, `${'あ'.repeat(42)}い`.repeat(100)],
    ['the longest run of its character', longestRun, 'あ'.repeat(5_000)],
    ['the longest run that is nearly in it', longestRun, `${'あ'.repeat(999)}い`.repeat(5)],
    [
      'many phrases of its word',
      runs.map((run) => `"${run.replaceAll('あ', 'a ')}"`).join(' '),
      'a '.repeat(5_000),
    ],
    ['two runs with slips', `${'あ'.repeat(20)} ${'あ'.repeat(19)}`, `${'あ'.repeat(19)}い`.repeat(250)],
  ])('is bounded: %s', async (_what, search, text) => {
    const asked = await queryOf(search);
    for (const query of [asked, closeQuery(asked, [])]) {
      const { count, counted } = countReads(tokensOf(text));
      const [matches = []] = createMatcher(query)([counted]);
      expect(matches.length).toBeLessThanOrEqual(counted.length);
      expect(count.reads).toBeLessThanOrEqual(15 * counted.length);
    }
  });

  test('does not end before the last match of many words', async () => {
    const words = Array.from(
      { length: 49 },
      (_, i) => `w${String.fromCodePoint(97 + (i % 26), 97 + (i % 25))}`,
    );
    const text = `${`${words.join(' ')} `.repeat(600)}last`;
    const [matches = []] = createMatcher(await queryOf(`${words.join(' ')} last`))([tokensOf(text)]);
    expect(matches.at(-1)?.end).toBe(text.length);
  });
});
