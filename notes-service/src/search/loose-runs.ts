import type { Query, QueryTerm, QueryWord } from './query.ts';

const [minCharacters, maxCharacters, maxAlternatives] = [3, 20, 60];

/**
 * Allows one slip in the scripts without spaces of each alternative: of one run, any one character may be missing, and
 * what is before and after it is found in any place. Long runs and negated ones stay as they are.
 */
export function withLooseRuns(query: Query): Query {
  const loose = query.flatMap((terms) => {
    const alternatives = terms.flatMap((term, index) =>
      looseRun(term).map((parts) => terms.toSpliced(index, 1, ...parts)),
    );
    return alternatives.length > 0 ? alternatives : [terms];
  });
  return loose.length <= maxAlternatives ? loose : query;
}

/** The run of a term without each of its characters in turn, as terms that must all match. None if it is not such a run. */
export function looseRun({ words, isNegated }: QueryTerm): QueryTerm[][] {
  const characters = charactersOf(words);
  const isLoose = characters.length >= minCharacters && characters.length <= maxCharacters;
  if (isNegated || !isLoose) return [];
  return characters.map((_character, index) =>
    [characters.slice(0, index), characters.slice(index + 1)].filter((part) => part.length > 0).map(runTerm),
  );
}

/** The characters of a term of nothing but the bigrams of one run. */
function charactersOf(words: QueryWord[]): string[] {
  if (!words.every(({ isRun, isPrefix, offset }, index) => isRun && !isPrefix && offset === index)) return [];
  const bigrams = words.map(({ lexemes }) => Array.from(lexemes[0] ?? ''));
  if (!bigrams.every((bigram) => bigram.length === 2)) return [];
  return [...bigrams.map(([first = '']) => first), bigrams.at(-1)?.[1] ?? ''];
}

function runTerm(characters: string[]): QueryTerm {
  const [only = ''] = characters;
  const words =
    characters.length === 1
      ? [{ lexemes: [only], isPrefix: true, isRun: true, offset: 0 }]
      : characters.slice(1).map((character, offset) => ({
          lexemes: [`${characters[offset] ?? ''}${character}`],
          isPrefix: false,
          isRun: true,
          offset,
        }));
  return { words, isNegated: false };
}
