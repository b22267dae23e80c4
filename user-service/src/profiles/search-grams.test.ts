import { expect, test } from '@jest/globals';
import { gramsOf, searchedGrams } from './search-grams.ts';

test.each([
  ['', []],
  ['ab', []],
  ['😀b', []],
  ['abc', ['abc']],
  ['aaaa', ['aaa']],
  ['a😀bc', ['a😀b', '😀bc']],
])('has the sequences of three characters: %j', (text, grams) => {
  expect(gramsOf(text)).toEqual(grams);
});

test.each(['ab', 'abc', 'abcd', 'abcdef', 'a.b@example.com', '😀'.repeat(500), 'x'.repeat(1_000)])(
  'searches with at most four grams, which every text with the search has: %j',
  (search) => {
    const searched = searchedGrams(search);
    expect(searched.length).toBeLessThanOrEqual(4);
    expect(searched.length > 0).toBe(Array.from(search).length >= 3);
    expect(gramsOf(`before ${search} after`)).toEqual(expect.arrayContaining(searched));
  },
);

test('searches with the beginning and the end', () => {
  expect(searchedGrams('abcdefghij')).toEqual(expect.arrayContaining(['abc', 'hij']));
});
