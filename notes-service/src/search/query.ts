import type { FoldTexts } from './folded-text.ts';
import type { Search, Term } from './parse-search.ts';
import { tokensOf, type Token } from './words.ts';

export interface QueryWord {
  /** Any of these lexemes matches. */
  lexemes: string[];
  isPrefix: boolean;
  /** Whether the lexeme is letters of a script without spaces. */
  isRun: boolean;
  /** The distance from the first word of the term, in words. */
  offset: number;
}

/** A word, or a phrase whose words stand at their offsets from each other. */
export interface QueryTerm {
  words: QueryWord[];
  isNegated: boolean;
}

/** A note must match all terms of any of the alternatives. Without alternatives no note matches. */
export type Query = QueryTerm[][];

/** Folds the terms of a search and splits them into words. Terms without words are left out. */
export async function toQuery({ alternatives }: Search, foldTexts: FoldTexts): Promise<Query> {
  const folded = await foldTexts(alternatives.flatMap((terms) => terms.map(({ text }) => text)));
  const next = folded.values();
  return alternatives
    .map((terms) =>
      terms
        .map((term) => toTerm(term, tokensOf(next.next().value?.folded ?? '')))
        .filter(({ words }) => words.length > 0),
    )
    .filter((terms) => terms.length > 0);
}

const toTerm = ({ isNegated, isPrefix }: Term, tokens: Token[]): QueryTerm => ({
  words: tokens.flatMap((token, index) =>
    toWord(token, tokens[index - 1], index, isPrefix && index === tokens.length - 1),
  ),
  isNegated,
});

/** A letter of a run is searched together with the next one. The last letter is searched alone only if it is the only one. */
function toWord(
  { lexemes, isRun, end, bigramEnd }: Token,
  before: Token | undefined,
  offset: number,
  isPrefix: boolean,
): QueryWord[] {
  if (!isRun || bigramEnd > end) return [{ lexemes, isPrefix: isPrefix && !isRun, isRun, offset }];
  const isPartOfBigram = before !== undefined && before.bigramEnd === end;
  return isPartOfBigram ? [] : [{ lexemes, isPrefix: true, isRun, offset }];
}

/** The query in PostgreSQL's notation of a tsquery. It is empty, and finds nothing, if the query has no terms. */
export const tsqueryOf = (query: Query): string =>
  query.map((terms) => `(${terms.map(termText).join(' & ')})`).join(' | ');

/** The tsquery that ranks matches: any of the words that are not negated. */
export const rankingTsqueryOf = (query: Query): string => {
  const words = query
    .flat()
    .filter(({ isNegated }) => !isNegated)
    .flatMap((term) => term.words);
  return [...new Set(words.map(wordText))].join(' | ');
};

function termText({ words, isNegated }: QueryTerm): string {
  const texts = words.map(wordText);
  const phrase = texts.reduce((text, word, index) => {
    const distance = (words[index]?.offset ?? 0) - (words[index - 1]?.offset ?? 0);
    return `${text} <${distance}> ${word}`;
  });
  const found =
    texts.length === 1 ? phrase : `(${phrase} | ${texts.join(' & ')} & (${withoutPlaces(words)}))`;
  return isNegated ? `!(${found})` : found;
}

/** The lexemes of notes in which PostgreSQL does not store all places of some of the words. */
const withoutPlaces = (words: QueryWord[]) =>
  [
    ...new Set(words.flatMap(({ lexemes }) => lexemes.map((lexeme) => `'${escape(lexeme)} many'`))),
    "'long text'",
  ].join(' | ');

/** A word in the notation of a tsquery. */
export const wordText = ({ lexemes, isPrefix }: Pick<QueryWord, 'lexemes' | 'isPrefix'>): string => {
  const texts = lexemes.map((lexeme) => `'${escape(lexeme)}'${isPrefix ? ':*' : ''}`);
  return texts.length === 1 ? texts.join('') : `(${texts.join(' | ')})`;
};

// Lexemes have no quotes or backslashes, but the words in a cursor can have any characters.
const escape = (lexeme: string) => lexeme.replaceAll(/['\\]/g, '$&$&');
