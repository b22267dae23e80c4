import { isVisible } from '@polyglot-notes/service-kit';

export const maxCodePoints = 1_000;
export const maxWords = 50;

/** A word, or a phrase, of a search. Its text may contain any characters. */
export interface Term {
  text: string;
  isNegated: boolean;
  isPrefix: boolean;
}

/** A parsed search: a note must match all terms of any of the alternatives. */
export interface Search {
  alternatives: Term[][];
}

// NUL and lone surrogates cannot be stored. notes_fold drops the others, so they must not hide an operator either.
const meaningless = /[\0\p{Surrogate}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Parses the text that a user typed. Any text is a valid search; undefined means that nothing is left of it. */
export function parseSearch(input: string): Search | undefined {
  const storable = input.replaceAll(meaningless, '');
  const text = Array.from(storable).slice(0, maxCodePoints).join('').trim();
  if (!isVisible(text)) return undefined;
  const limited = limitWords(text);
  const alternatives = splitAtOr(tokensOf(limited));
  const last = alternatives.at(-1)?.at(-1);
  return {
    alternatives: alternatives.map((tokens) =>
      tokens.map((token) => ({
        text: token.text,
        isNegated: token.isNegated,
        isPrefix: token === last && limited === text && isStartOfWord(token),
      })),
    ),
  };
}

// Symbols are words too. notes_fold turns modifier letters into apostrophes, which separate words.
const word =
  /(?:(?![\u02b9-\u02cb\u0374\u07f4\u07f5\ua78b\ua78c])[\p{Alphabetic}\p{N}\p{M}])+|(?!\p{ASCII})\p{S}/gu;

const countWords = (text: string) => [...text.normalize('NFKD').matchAll(word)].length;

// A single character can decompose into several words.
function limitWords(text: string): string {
  const decomposed = text.normalize('NFKD');
  const firstDropped = [...decomposed.matchAll(word)][maxWords];
  return firstDropped ? decomposed.slice(0, firstDropped.index).trim() : text;
}

// Phones and word processors write other quotes than `"`. Between Hebrew letters it is part of an abbreviation.
const quote = /["“”„‟«»＂〝〞〟]/g;
const hebrewAbbreviation = /(?<=\p{Script=Hebrew})["“”](?=\p{Script=Hebrew})/gu;

// A single hyphen negates the word or phrase after it. All other dashes separate words, like punctuation.
const token = /(?<not>(?<!\S)[-‐‑−－﹣](?![\p{Pd}−\s]))?(?:"(?<phrase>[^"]*)"?|(?<word>[^\s"]+))/gu;

interface Token {
  text: string;
  isNegated: boolean;
  isPhrase: boolean;
}

const tokensOf = (text: string): Token[] =>
  [...text.replaceAll(hebrewAbbreviation, "'").replaceAll(quote, '"').matchAll(token)]
    .map(({ groups: { not, phrase, word: single } = {} }) => ({
      text: single ?? phrase ?? '',
      isNegated: not !== undefined,
      isPhrase: single === undefined,
    }))
    .filter((found) => countWords(found.text) > 0);

const isOr = ({ text, isNegated, isPhrase }: Token) => !isNegated && !isPhrase && /^or$/i.test(text);
// The "t" of "don't" is a word of its own, but not one that is being typed.
const singleLetterSuffix = /['`´ʼ‘’′＇].$/u;
const isStartOfWord = ({ text, isNegated, isPhrase }: Token) =>
  !isNegated && !isPhrase && /[\p{Alphabetic}\p{M}\p{N}]$/u.test(text) && !singleLetterSuffix.test(text);

/** Splits at each "or". A dangling "or" is ignored, so that results stay the same while it is typed. Alone, it is a word. */
function splitAtOr(tokens: Token[]): Token[][] {
  const alternatives: Token[][] = [[]];
  for (const each of tokens)
    if (isOr(each)) alternatives.push([]);
    else alternatives.at(-1)?.push(each);
  const given = alternatives.filter((terms) => terms.length > 0);
  return given.length > 0 || tokens.length === 0 ? given : [tokens.slice(0, 1)];
}
