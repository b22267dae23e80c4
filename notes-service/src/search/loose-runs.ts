import type { Query, QueryTerm, QueryWord } from './query.ts';

const [minCharacters, maxCharacters, maxAlternatives] = [3, 20, 120];

/**
 * Allows one slip in the scripts without spaces of each alternative: in one run, one character may be another one, be
 * missing, or be one too many. Long runs and negated ones stay as they are.
 */
export function withLooseRuns(query: Query): Query {
  const loose = query.flatMap((terms) => {
    const alternatives = terms.flatMap((term, index) =>
      looseRun(term).map((variant) => terms.toSpliced(index, 1, variant)),
    );
    return alternatives.length > 0 ? alternatives : [terms];
  });
  return loose.length <= maxAlternatives ? loose : query;
}

/** The variants of a run with a slip, each as a phrase of the characters before the slip and after it. */
export function looseRun({ words, isNegated }: QueryTerm): QueryTerm[] {
  const characters = charactersOf(words);
  const isLoose = characters.length >= minCharacters && characters.length <= maxCharacters;
  if (isNegated || !isLoose) return [];
  return characters.flatMap((_character, slip) => {
    const before = wordsOf(characters.slice(0, slip), 0);
    const after = characters.slice(slip + 1);
    if (before.length === 0) return [{ words: wordsOf(after, 0), isNegated }];
    if (after.length === 0) return [{ words: before, isNegated }];
    return [slip, slip + 1, slip + 2].map((offset) => ({
      words: [...before, ...wordsOf(after, offset)],
      isNegated,
    }));
  });
}

/** The characters of a term of nothing but the bigrams of one run. */
function charactersOf(words: QueryWord[]): string[] {
  if (!words.every(({ isRun, isPrefix, offset }, index) => isRun && !isPrefix && offset === index)) return [];
  const bigrams = words.map(({ lexemes }) => Array.from(lexemes[0] ?? ''));
  if (!bigrams.every((bigram) => bigram.length === 2)) return [];
  return [...bigrams.map(([first = '']) => first), bigrams.at(-1)?.[1] ?? ''];
}

function wordsOf(characters: string[], offset: number): QueryWord[] {
  const isPrefix = characters.length === 1;
  const lexemes = isPrefix
    ? characters
    : characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
  return lexemes.map((lexeme, index) => ({
    lexemes: [lexeme],
    isPrefix,
    isRun: true,
    offset: offset + index,
  }));
}
