import { editDistance } from './edit-distance.ts';
import type { Query, QueryTerm, QueryWord } from './query.ts';

export type SearchedWord = Pick<QueryWord, 'lexemes' | 'isPrefix'>;

/** Words of a search, each with the words that replace it. Small enough for a cursor. */
export type Replacements = [word: string, closest: string[]][];

const maxCorrectedWords = 8;
const maxClosest = 10;
// Longer ones are rarely words, and comparing them takes long.
const longestCorrected = 40;
const maxCursorBytes = 2_500;

/** Identifies a word in replacements. */
export const textOf = ({ lexemes, isPrefix }: SearchedWord): string =>
  lexemes.map((lexeme) => `${lexeme}${isPrefix ? ':*' : ''}`).join('|');

export const lengthOf = (lexeme: string): number => Array.from(lexeme).length;

/** How many slips a word may contain, as in the fuzziness `AUTO` of Elasticsearch. Numbers contain none. */
export function maxSlips(lexeme: string): number {
  const length = lengthOf(lexeme);
  if (length < 3 || length > longestCorrected || /^\p{N}/u.test(lexeme)) return 0;
  return length < 6 ? 1 : 2;
}

/** Whether the beginnings of other words are compared with a word that is being typed. */
export const mayBeBeginning = (lexeme: string): boolean => maxSlips(lexeme) > 0 && lengthOf(lexeme) >= 5;

/** The first distinct words of a search that may contain a slip. Negated words and scripts without spaces are left out. */
export function correctableWords(query: Query): SearchedWord[] {
  const words = query
    .flat()
    .flatMap((term) => (term.isNegated ? [] : term.words))
    .filter(({ isRun, lexemes }) => !isRun && lexemes.some((lexeme) => maxSlips(lexeme) > 0));
  const distinct = new Map(words.map((word) => [textOf(word), word]));
  return [...distinct.values()].slice(0, maxCorrectedWords);
}

/** The words of an owner's notes. */
export interface WordQueries {
  /** Those of the words, as `textOf` writes them, that any note contains. */
  known: (words: SearchedWord[]) => Promise<string[]>;
  /** Words of notes, among them those that are close to some words. */
  vocabulary: (words: SearchedWord[]) => Promise<string[]>;
}

/** Finds replacements for the words of a search that the notes do not contain. */
export async function findReplacements(
  query: Query,
  { known: readKnown, vocabulary: readVocabulary }: WordQueries,
): Promise<Replacements> {
  const words = correctableWords(query);
  if (words.length === 0) return [];
  const known = new Set(await readKnown(words));
  const unknown = words.filter((word) => !known.has(textOf(word)));
  return unknown.length === 0 ? [] : closestWords(unknown, await readVocabulary(unknown));
}

/** Replaces the words that a vocabulary does not contain by the closest words that it contains. */
export function closestWords(words: SearchedWord[], vocabulary: string[]): Replacements {
  const sorted = vocabulary.toSorted();
  const replacements = words
    .filter((word) => !sorted.some((known) => isFoundIn(known, word)))
    .map((word): Replacements[number] => [textOf(word), closestTo(word, sorted)])
    .filter(([, closest]) => closest.length > 0);
  return withinCursor(replacements);
}

/** As many of the closest words as a cursor can carry. */
function withinCursor(replacements: Replacements): Replacements {
  for (let most = maxClosest; most > 0; most--) {
    const some = replacements.map(([word, closest]): Replacements[number] => [word, closest.slice(0, most)]);
    if (Buffer.byteLength(JSON.stringify(some)) <= maxCursorBytes) return some;
  }
  return [];
}

const isFoundIn = (known: string, { lexemes, isPrefix }: SearchedWord) =>
  lexemes.some((lexeme) => (isPrefix ? known.startsWith(lexeme) : known === lexeme));

function closestTo({ lexemes, isPrefix }: SearchedWord, vocabulary: string[]): string[] {
  const whole = nearest(vocabulary, (known) =>
    Math.min(...lexemes.map((lexeme) => within(editDistance(lexeme, known), maxSlips(lexeme)))),
  );
  if (whole.length > 0 || !isPrefix) return whole;
  const beginnings = lexemes.filter(mayBeBeginning);
  return nearest(vocabulary, (known) =>
    Math.min(...beginnings.map((lexeme) => within(editDistance(lexeme, known, { isBeginning: true }), 1))),
  );
}

const within = (distance: number, maximum: number) => (distance <= maximum ? distance : Infinity);

/** The first of the words that have the smallest finite distance. */
function nearest(words: string[], distanceOf: (word: string) => number): string[] {
  const distances = words.map(distanceOf);
  const smallest = distances.reduce((least, distance) => Math.min(least, distance), Infinity);
  if (smallest === Infinity) return [];
  return words.filter((_word, index) => distances[index] === smallest).slice(0, maxClosest);
}

/** The same query with other words in the place of some that are not negated. */
export function withReplacements(query: Query, replacements: Replacements): Query {
  const closest = new Map(replacements);
  const replace = (word: QueryWord) =>
    word.isRun ? word : { ...word, lexemes: closest.get(textOf(word)) ?? word.lexemes };
  return query.map((terms) =>
    terms.map((term): QueryTerm => (term.isNegated ? term : { ...term, words: term.words.map(replace) })),
  );
}
