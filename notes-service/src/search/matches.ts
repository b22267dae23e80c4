import type { Query, QueryTerm, QueryWord } from './query.ts';
import type { Token } from './words.ts';

/** A term in a text: from the first to the last token, and its UTF-16 range in the folded text. */
export interface Match {
  term: number;
  first: number;
  last: number;
  start: number;
  end: number;
}

/** Finds the terms of a query, except negated ones, in tokens. Takes time linear in the tokens. */
export function createMatcher(query: Query): (tokens: Token[]) => Match[] {
  const wanted = query.flat().filter(({ isNegated, words }) => !isNegated && words.length > 0);
  const terms = distinct(wanted.map(({ words }) => words));
  const findTerms = createFinder(terms);
  const findWords = createFinder(distinct(terms.flat().map((word) => [{ ...word, offset: 0 }])));
  return (tokens) => {
    const matches = findTerms(tokens);
    if (matches.length > 0) return matches;
    return isLong(tokens) ? findWords(tokens) : [];
  };
}

/** Whether a search finds a phrase by its words alone, as the SQL function notes_is_long. */
function isLong(tokens: Token[]): boolean {
  if (tokens.length > 13_000) return true;
  if (tokens.length <= 255) return false;
  const counts = new Map<string, number>();
  return tokens.some(({ lexemes }) =>
    lexemes.some((lexeme) => {
      const count = (counts.get(lexeme) ?? 0) + 1;
      counts.set(lexeme, count);
      return count > 255;
    }),
  );
}

type Words = QueryTerm['words'];

const distinct = (terms: Words[]): Words[] => [
  ...new Map(terms.map((words) => [JSON.stringify(words), words])).values(),
];

/** The bits of the words of all terms, in which each term takes as many bits as tokens of a text. */
interface TermBits {
  exact: Map<string, bigint>;
  prefixes: Map<number, Map<string, bigint>>;
  gaps: bigint;
  firsts: bigint;
  lasts: { bit: bigint; word: QueryWord }[];
}

function bitsOf(terms: Words[]): TermBits {
  const bits: TermBits = { exact: new Map(), prefixes: new Map(), gaps: 0n, firsts: 0n, lasts: [] };
  const add = (map: Map<string, bigint>, lexeme: string, bit: bigint) =>
    map.set(lexeme, (map.get(lexeme) ?? 0n) | bit);
  let next = 1n;
  for (const words of terms) {
    bits.firsts |= next;
    let place = 0;
    for (const word of words) {
      for (; place < word.offset; place++, next <<= 1n) bits.gaps |= next;
      for (const lexeme of word.lexemes) {
        const prefixes = bits.prefixes.get(lexeme.length) ?? new Map<string, bigint>();
        if (word.isPrefix) bits.prefixes.set(lexeme.length, prefixes);
        add(word.isPrefix ? prefixes : bits.exact, lexeme, next);
      }
      if (word === words.at(-1)) bits.lasts.push({ bit: next, word });
      place++;
      next <<= 1n;
    }
  }
  return bits;
}

/** Finds all terms at once: bit by bit, the state says which beginnings of terms end with a token (shift-and). */
function createFinder(terms: Words[]) {
  const { exact, prefixes, gaps, firsts, lasts } = bitsOf(terms);
  const ends = lasts.reduce((all, { bit }) => all | bit, 0n);
  const endsIn = new Map<bigint, [term: number, word: QueryWord][]>();
  function termsOf(state: bigint) {
    const known = endsIn.get(state);
    if (known) return known;
    const ended = lasts.flatMap(({ bit, word }, term): [number, QueryWord][] =>
      state & bit ? [[term, word]] : [],
    );
    endsIn.set(state, ended);
    return ended;
  }
  function bitsOfToken({ lexemes }: Token) {
    let bits = 0n;
    for (const lexeme of lexemes) {
      bits |= exact.get(lexeme) ?? 0n;
      for (const [length, prefix] of prefixes) bits |= prefix.get(lexeme.slice(0, length)) ?? 0n;
    }
    return bits;
  }
  return (tokens: Token[]): Match[] => {
    const matches: Match[] = [];
    let state = 0n;
    for (const [index, token] of tokens.entries()) {
      const bits = bitsOfToken(token);
      if (bits === 0n && state === 0n) continue;
      state = ((state << 1n) | firsts) & (bits | gaps);
      if ((state & ends) === 0n) continue;
      for (const [term, word] of termsOf(state & ends)) matches.push(matchOf(tokens, index, term, word));
    }
    return matches.toSorted((a, b) => a.start - b.start);
  };
}

/** The match of a term whose last word is at `index`. The bigram of a run ends with the next token. */
function matchOf(tokens: Token[], index: number, term: number, word: QueryWord): Match {
  const first = index - word.offset;
  const [start, end, bigramEnd] = [
    tokens[first]?.start ?? 0,
    tokens[index]?.end ?? 0,
    tokens[index]?.bigramEnd ?? 0,
  ];
  const isBigram = word.isRun && !word.isPrefix && bigramEnd > end;
  return { term, first, last: isBigram ? index + 1 : index, start, end: isBigram ? bigramEnd : end };
}
