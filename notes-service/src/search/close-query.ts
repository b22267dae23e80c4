import { text } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { withReplacements, type Replacements } from './closest-words.ts';
import { withLooseRuns } from './loose-runs.ts';
import type { Query } from './query.ts';

const Word = text({ max: 200 }).min(1);

/** Replacements that a cursor carries. */
export const CarriedReplacements = z
  .array(z.tuple([text({ max: 1_000 }), z.array(Word).min(1).max(20)]))
  .max(8);

/** The query of the close mode: the closest words, and one slip in the scripts without spaces. */
export const closeQuery = (query: Query, replacements: Replacements): Query =>
  withLooseRuns(withReplacements(query, replacements));
