import { Prisma } from '../../generated/prisma/client.ts';

export const maxCodePoints = 1_000;
export const maxWords = 50;

/** A parsed search: `text` for `websearch_to_tsquery`, and whether its last word matches as a prefix. */
export interface Search {
  text: string;
  endsInPrefix: boolean;
}

/** Parses the text that a user typed. Any text is a valid search; undefined means that nothing is left of it. */
export function parseSearch(input: string): Search | undefined {
  const storable = input.replaceAll(/[\0\p{Surrogate}]/gu, '');
  const text = Array.from(storable).slice(0, maxCodePoints).join('').replaceAll(/\s+/g, ' ').trim();
  if (text === '') return undefined;
  const whole = dropDanglingOr(text);
  const limited = dropDanglingOr(limitWords(whole));
  return {
    text: dropIdleHyphens(hideJoiners(limited)),
    endsInPrefix: limited === whole && endsInBareWord(whole),
  };
}

const endsInPhrase = (text: string) => text.split('"').length % 2 === 0;

// A dangling "or" is ignored, so that results stay the same while it is typed. Alone, "or" is a word.
function dropDanglingOr(text: string): string {
  const withoutLeading = text.replace(/^(?:or )+(?=\S)/i, '');
  return endsInPhrase(withoutLeading) ? withoutLeading : withoutLeading.replace(/(?<=\S)(?: or)+$/i, '');
}

// PostgreSQL treats some symbols as letters, such as circled letters, so symbols count as words too.
const word = /[\p{Alphabetic}\p{N}\p{M}]+|(?!\p{ASCII})\p{S}/gu;

/** Counts the words of a search. PostgreSQL never finds more. */
export const countWords = (text: string): number => [...text.matchAll(word)].length;

function limitWords(text: string): string {
  const firstDropped = [...text.matchAll(word)][maxWords];
  return firstDropped ? text.slice(0, firstDropped.index).trim() : text;
}

// The SQL function notes_plain hides the characters that join words from PostgreSQL's parser. The same happens here, so
// that `a/b` and `R&D` are two adjacent words. A hyphen stays where it means "not": before a word, outside quotes.
const hiddenJoiner = '\u0001';
const phraseOrJoiner = /"[^"]*"?|(?<!^|[\s"-])-|[&<>./+@]/g;
const hideJoiners = (text: string) =>
  text.replaceAll(phraseOrJoiner, (match) =>
    match.startsWith('"') ? match.replaceAll(/[-&<>./+@]/g, hiddenJoiner) : hiddenJoiner,
  );

// A hyphen that no word or phrase follows negates nothing. PostgreSQL fails on a run of 33 of them.
const idleHyphen = /-(?=[^\p{Alphabetic}\p{N}"-]*(?:-|$))/gu;
const dropIdleHyphens = (text: string) => text.replaceAll(idleHyphen, ' ');

const bareLastWord =
  /(?<!(?:^|[\s"-])-)(?:^|\s)[\p{Alphabetic}\p{N}][\p{Alphabetic}\p{M}\p{N}]*(?:[-&<>./+@][\p{Alphabetic}\p{M}\p{N}]+)*$/u;
const endsInBareWord = (text: string) => !endsInPhrase(text) && bareLastWord.test(text);

const exactQuery = (text: string) => Prisma.sql`websearch_to_tsquery('notes', notes_cut(${text}))`;

// If PostgreSQL's parser took the last word for a word, the text of the query ends in a quote.
export const tsquery = ({ text, endsInPrefix }: Search) =>
  endsInPrefix
    ? Prisma.sql`regexp_replace(${exactQuery(text)}::text, '''$', ''':*')::tsquery`
    : exactQuery(text);
