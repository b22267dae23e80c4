import { Prisma } from '../../generated/prisma/client.ts';
import { lengthOf, maxSlips, mayBeBeginning, textOf, type SearchedWord } from './closest-words.ts';
import { wordText } from './query.ts';

/** Selects those of the words, as `textOf` writes them, that one of the notes contains. `notes` is a condition. */
export const knownWordsSql = (notes: Prisma.Sql, words: SearchedWord[]) =>
  Prisma.join(
    words.map(
      (word) => Prisma.sql`select ${textOf(word)} as word where exists (
        select from notes where ${notes} and tsv @@ ${wordText(word)}::tsquery)`,
    ),
    ' union all ',
  );

// Reading these takes some 30 ms of processor time.
const maxNotes = 1_500;
const maxBytes = 2_000_000;
// Comparing so many with eight words takes some 50 ms in notes-service.
const maxWords = 1_000;

/**
 * Selects words of the newest of the notes that may be close to some words. `notes` is a condition. The number of notes and
 * the bytes of their search vectors are bounded.
 */
export const vocabularySql = (notes: Prisma.Sql, words: SearchedWord[]) => Prisma.sql`
  select distinct word from (
    select unnest(tsvector_to_array(tsv)) as word from (
      select tsv, sum(pg_column_size(tsv)) over (order by updated_at desc, id desc rows unbounded preceding) as bytes
      from (
        select tsv, updated_at, id from notes where ${notes}
        order by updated_at desc, id desc limit ${maxNotes}
      ) as newest
    ) as newest
    where bytes <= ${maxBytes}
  ) as words
  where (${Prisma.join(words.flatMap(nearSql), ' or ')}) and strpos(word, ' ') = 0
  limit ${maxWords}`;

/** PostgreSQL counts a swap of neighbours as two edits, and needs no edit to compare words of other lengths. */
function nearSql({ lexemes, isPrefix }: SearchedWord): Prisma.Sql[] {
  return lexemes
    .filter((lexeme) => maxSlips(lexeme) > 0)
    .flatMap((lexeme) => {
      const [length, slips, first] = [lengthOf(lexeme), maxSlips(lexeme), Array.from(lexeme)[0] ?? ''];
      const whole = Prisma.sql`(length(word) between ${length - slips} and ${length + slips}
      and levenshtein_less_equal(left(word, 255), ${lexeme}, ${2 * slips}) <= ${2 * slips})`;
      const beginning = Prisma.sql`(starts_with(word, ${first}) and length(word) > ${length}
      and levenshtein_less_equal(left(word, ${length}), ${lexeme}, 2) <= 2)`;
      return isPrefix && mayBeBeginning(lexeme) ? [whole, beginning] : [whole];
    });
}
