import { Prisma } from '../../generated/prisma/client.ts';
import { lengthOf, maxSlips, mayBeBeginning, textOf, type SearchedWord } from './closest-words.ts';
import { wordText } from './query.ts';

/** Selects those of the words, as `textOf` writes them, that a note of the owner contains. */
export const knownWordsSql = (userId: string, words: SearchedWord[]) =>
  Prisma.join(
    words.map((word) => {
      return Prisma.sql`select ${textOf(word)} as word where exists (
        select from notes where user_id = ${userId}::uuid and tsv @@ ${wordText(word)}::tsquery)`;
    }),
    ' union all ',
  );

// Reading these takes some 30 ms of processor time.
const maxNotes = 1_500;
const maxBytes = 2_000_000;

/**
 * Selects the words of the newest notes of an owner that may be close to some words. The number of notes and the bytes
 * of their search vectors are bounded.
 */
export const vocabularySql = (userId: string, words: SearchedWord[]) => Prisma.sql`
  select distinct word from (
    select unnest(tsvector_to_array(tsv)) as word from (
      select tsv, sum(pg_column_size(tsv)) over (order by updated_at desc, id desc rows unbounded preceding) as bytes
      from (
        select tsv, updated_at, id from notes where user_id = ${userId}::uuid
        order by updated_at desc, id desc limit ${maxNotes}
      ) as newest
    ) as newest
    where bytes <= ${maxBytes}
  ) as words
  where word <> 'long text' and (${Prisma.join(words.flatMap(nearSql), ' or ')})`;

/** PostgreSQL counts a swap of neighbours as two edits, and needs no edit to compare words of other lengths. */
function nearSql({ lexemes, isPrefix }: SearchedWord): Prisma.Sql[] {
  return lexemes.flatMap((lexeme) => {
    const [length, slips, first] = [lengthOf(lexeme), maxSlips(lexeme), Array.from(lexeme)[0] ?? ''];
    const whole = Prisma.sql`(length(word) between ${length - slips} and ${length + slips}
      and levenshtein_less_equal(word, ${lexeme}, ${2 * slips}) <= ${2 * slips})`;
    const beginning = Prisma.sql`(starts_with(word, ${first}) and length(word) > ${length}
      and levenshtein_less_equal(left(word, ${length}), ${lexeme}, 2) <= 2)`;
    return isPrefix && mayBeBeginning(lexeme) ? [whole, beginning] : [whole];
  });
}
