import type { Query, QueryWord } from './query.ts';
import type { Token } from './words.ts';

/** A term in a text: the indexes of its first and last token, and its UTF-16 range in the folded text. */
export interface Match {
  term: number;
  first: number;
  last: number;
  start: number;
  end: number;
}

/**
 * Creates a function that finds the terms of a query, except negated ones, in the texts of a note. Where several terms
 * begin with the same token, it finds the longest one.
 */
export function createMatcher(query: Query): (texts: Token[][]) => Match[][] {
  const wanted = query.flat().filter(({ isNegated, words }) => !isNegated && words.length > 0);
  const terms = distinct(wanted.map(({ words }) => words));
  const findTerms = createFinder(terms);
  const findWords = createFinder(distinct(terms.flat().map((word) => [{ ...word, offset: 0 }])));
  const hasPhrase = terms.some((words) => words.length > 1);
  return (texts) => {
    const matches = texts.map(findTerms);
    const isComplete = !hasPhrase || matches.every((found) => found.length > 0);
    if (isComplete || !couldBeLong(texts.flat())) return matches;
    return texts.map((tokens, index) => {
      const found = matches[index] ?? [];
      return found.length > 0 ? found : findWords(tokens);
    });
  };
}

// In a long note a search finds a phrase by its words alone: with more than 16,382 words, or 255 times the same one, as in
// the SQL function notes_without_places. The limits here are lower because the tags of the note count too.
const [maxWords, maxRepetitions] = [13_000, 200];

function couldBeLong(tokens: Token[]): boolean {
  if (tokens.length > maxWords) return true;
  if (tokens.length <= maxRepetitions) return false;
  const counts = new Map<string, number>();
  return tokens.some(({ lexemes }) =>
    lexemes.some((lexeme) => {
      const count = (counts.get(lexeme) ?? 0) + 1;
      counts.set(lexeme, count);
      return count > maxRepetitions;
    }),
  );
}

const distinct = (terms: QueryWord[][]): QueryWord[][] => [
  ...new Map(terms.map((words) => [JSON.stringify(words), words])).values(),
];

interface Term {
  id: number;
  words: QueryWord[];
  /** The distance from its first to its last token. A bigram ends with the token after its own. */
  distance: number;
  endsInBigram: boolean;
}

/** The terms by the lexemes of their first words, the longest terms first. */
interface TermIndex {
  exact: Map<string, Term[]>;
  prefixes: Map<string, Term[]>;
  prefixLengths: Set<number>;
}

function indexOf(terms: QueryWord[][]): TermIndex {
  const index: TermIndex = { exact: new Map(), prefixes: new Map(), prefixLengths: new Set() };
  const longestFirst = terms.map(toTerm).toSorted((a, b) => b.distance - a.distance);
  for (const term of longestFirst) {
    const { lexemes = [], isPrefix = false } = term.words[0] ?? {};
    const termsOf = isPrefix ? index.prefixes : index.exact;
    for (const lexeme of lexemes) {
      if (isPrefix) index.prefixLengths.add(lexeme.length);
      termsOf.set(lexeme, [...(termsOf.get(lexeme) ?? []), term]);
    }
  }
  return index;
}

function toTerm(words: QueryWord[], id: number): Term {
  const { isRun = false, isPrefix = false, offset = 0 } = words.at(-1) ?? {};
  const endsInBigram = isRun && !isPrefix;
  return { id, words, distance: offset + (endsInBigram ? 1 : 0), endsInBigram };
}

// Bounds the time for a search such as `あ ああ あああ …` in a text of `あ`. A text is compared with the lexemes of a query
// at most this many times for each of its tokens, and 1,000 times more. The rest of the text stays without matches.
const [comparisonsPerToken, moreComparisons] = [10, 1_000];

function createFinder(terms: QueryWord[][]) {
  const { exact, prefixes, prefixLengths } = indexOf(terms);
  return (tokens: Token[]): Match[] => {
    let comparisonsLeft = tokens.length * comparisonsPerToken + moreComparisons;
    const isAt = ({ words }: Term, first: number) =>
      words.every((word) => {
        comparisonsLeft -= word.lexemes.length;
        return comparisonsLeft >= 0 && isWord(word, tokens[first + word.offset]);
      });
    const longestOf = (longest: Term | undefined, candidates: Term[] | undefined, first: number) => {
      const found = candidates?.find((term) => isAt(term, first));
      return found && found.distance > (longest?.distance ?? -1) ? found : longest;
    };
    const matches: Match[] = [];
    let first = 0;
    for (const { lexemes } of tokens) {
      if (comparisonsLeft <= 0) break;
      let longest: Term | undefined;
      for (const lexeme of lexemes) {
        longest = longestOf(longest, exact.get(lexeme), first);
        for (const length of prefixLengths)
          longest = longestOf(longest, prefixes.get(lexeme.slice(0, length)), first);
      }
      if (longest) matches.push(matchOf(longest, tokens, first));
      first++;
    }
    return matches;
  };
}

const isWord = (word: QueryWord, token: Token | undefined): boolean =>
  token !== undefined &&
  token.lexemes.some((lexeme) =>
    word.isPrefix ? word.lexemes.some((prefix) => lexeme.startsWith(prefix)) : word.lexemes.includes(lexeme),
  );

function matchOf({ id, distance, endsInBigram }: Term, tokens: Token[], first: number): Match {
  const last = first + distance;
  const end = endsInBigram ? tokens[last - 1]?.bigramEnd : tokens[last]?.end;
  return { term: id, first, last, start: tokens[first]?.start ?? 0, end: end ?? 0 };
}
