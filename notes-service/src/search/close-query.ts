import { text } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { withReplacements, type Replacements } from './closest-words.ts';
import { withLooseRuns } from './loose-runs.ts';
import type { Query } from './query.ts';

const Word = text({ max: 200 }).min(1);

/** Replacements that a cursor carries. */
export const CarriedReplacements = z
  .array(z.tuple([text({ max: 1_000 }), z.array(Word).min(1).max(10)]))
  .max(8);

// PostgreSQL limits the words of a tsquery to a megabyte. Each word of a phrase is in it twice.
const maxCharacters = 50_000;

/**
 * The query of the close mode: the closest words, and one slip in the scripts without spaces. A query that would be too long
 * stays as it is.
 */
export function closeQuery(query: Query, replacements: Replacements): Query {
  const close = withLooseRuns(withReplacements(query, replacements));
  const lexemes = close.flat().flatMap(({ words }) => words.flatMap((word) => word.lexemes));
  return lexemes.join('').length > maxCharacters ? query : close;
}
