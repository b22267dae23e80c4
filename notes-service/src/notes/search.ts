import { Prisma } from '../../generated/prisma/client.ts';

export const maxCodePoints = 1_000;
export const maxWords = 50;

/** What is sought: `text` as `websearch_to_tsquery` takes it, and whether its last word may go on. */
export interface Search {
  text: string;
  openEnded: boolean;
}

/** Reads what a person typed: whatever it is, it is a search, or undefined when nothing is left of it. */
export function readSearch(typed: string): Search | undefined {
  const storable = typed.replaceAll(/[\0\p{Surrogate}]/gu, '');
  const text = Array.from(storable).slice(0, maxCodePoints).join('').replaceAll(/\s+/g, ' ').trim();
  if (text === '') return undefined;
  const meant = withoutLooseOr(text);
  const kept = withoutLooseOr(withFewWords(meant));
  return {
    text: withOneHyphenEach(withPlainWords(kept)),
    openEnded: kept === meant && endsInOpenWord(meant),
  };
}

const endsInPhrase = (text: string) => text.split('"').length % 2 === 0;

// While "or" has nothing on one of its sides yet, the list stays what it was. Alone it is a word like others.
function withoutLooseOr(text: string): string {
  const begun = text.replace(/^(?:or )+(?=\S)/i, '');
  return endsInPhrase(begun) ? begun : begun.replace(/(?<=\S)(?: or)+$/i, '');
}

// Every word costs time in every note that is found. PostgreSQL takes more for letters than Unicode's class of that name,
// such as letters in circles, so symbols count as well.
const word = /[\p{Alphabetic}\p{N}\p{M}]+|(?!\p{ASCII})\p{S}/gu;

/** At least as many words as PostgreSQL finds in a search. */
export const countWords = (text: string): number => [...text.matchAll(word)].length;

function withFewWords(text: string): string {
  const tooMuch = [...text.matchAll(word)][maxWords];
  return tooMuch ? text.slice(0, tooMuch.index).trim() : text;
}

// What joins words in the notes is hidden from PostgreSQL's parser (see the function notes_plain), so it is hidden here:
// `a/b` and `R&D` are two words in a row. A hyphen stays where it means "not": before a word, outside quotes.
const joint = '\u0001';
const phraseOrJoint = /"[^"]*"?|(?<!^|[\s"-])-|[&<>./+@]/g;
const withPlainWords = (text: string) =>
  text.replaceAll(phraseOrJoint, (found) =>
    found.startsWith('"') ? found.replaceAll(/[-&<>./+@]/g, joint) : joint,
  );

// A hyphen with no word and no phrase before the next hyphen, or before the end, denies nothing; PostgreSQL fails on a
// pile of 33.
const idleHyphen = /-(?=[^\p{Alphabetic}\p{N}"-]*(?:-|$))/gu;
const withOneHyphenEach = (text: string) => text.replaceAll(idleHyphen, ' ');

// The last word is still being typed, unless it is negated or quoted.
const openWord =
  /(?<!(?:^|[\s"-])-)(?:^|\s)[\p{Alphabetic}\p{N}][\p{Alphabetic}\p{M}\p{N}]*(?:[-&<>./+@][\p{Alphabetic}\p{M}\p{N}]+)*$/u;
const endsInOpenWord = (text: string) => !endsInPhrase(text) && openWord.test(text);

const parsed = (text: string) => Prisma.sql`websearch_to_tsquery('notes', notes_cut(${text}))`;

/**
 * The search as a tsquery; one without a word, such as `?!`, is empty and finds nothing. The last word may go on if
 * PostgreSQL's parser has taken it for a word, too: then the query ends in it.
 */
export const tsquery = ({ text, openEnded }: Search) =>
  openEnded ? Prisma.sql`regexp_replace(${parsed(text)}::text, '''$', ''':*')::tsquery` : parsed(text);
