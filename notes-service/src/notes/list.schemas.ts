import { flag, listQuery, pageOf } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { exampleNote, Note, Tags } from './notes.schemas.ts';
import { maxCodePoints, maxWords, readSearch } from './search.ts';
import { sorts } from './sorts.ts';

/** Tags as the notes keep them; blank ones count as not given. */
const tagsIn = (split: (given: string) => string[]) =>
  z
    .string()
    .transform((given): unknown[] => split(given).filter((tag) => tag.trim() !== ''))
    .pipe(Tags);

const endOfYear9999 = 253_402_300_799_999;
const withinReach = (time: number) => new Date(Math.min(Math.max(time, 0), endOfYear9999));

/** A date-time of RFC 3339, or a date, which begins in UTC. An offset's `+` that was not encoded arrives as a blank. */
const Instant = z
  .string()
  .transform((given) => given.toUpperCase().replace(/ (?=\d\d:\d\d$)/, '+'))
  .pipe(
    z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
      error: 'must be a date-time of RFC 3339, or a date',
    }),
  )
  .transform((given) => withinReach(Date.parse(given)));

export const ListNotes = listQuery({
  search: z
    .string()
    .transform(readSearch)
    .optional()
    .meta({
      description: `Words, which must all be there, \`"a phrase"\`, \`-not\`, \`or\`. The last word may go on; accents and case do not matter. What holds no word finds nothing; blank counts as not given. What is beyond ${maxWords} words or ${maxCodePoints} characters is dropped.`,
    }),
  tags: tagsIn((given) => given.split(','))
    .optional()
    .meta({ description: 'Tags, separated by commas.' }),
  tag: tagsIn((given) => [given])
    .optional()
    .meta({ description: 'A tag, beside those in `tags`.' }),
  tagMode: z
    .enum(['all', 'any'])
    .default('all')
    .meta({ description: 'Whether a note must have all of the tags, or any.' }),
  pinned: flag
    .transform((value) => value === 'true')
    .optional()
    .meta({ description: 'Only pinned notes, or only others.' }),
  archived: flag
    .or(z.literal('any'))
    .default('false')
    // As one list: of a union, the page of the API reference would offer the first part alone.
    .meta({
      anyOf: undefined,
      enum: [true, false, 'any'],
      default: false,
      description: 'Only archived notes, only others, or both.',
    })
    .transform((value) => (value === 'any' ? undefined : value === 'true')),
  from: Instant.optional().meta({
    description: 'Last changed then or later: a date-time of RFC 3339, or a date (UTC).',
  }),
  to: Instant.optional().meta({
    description: 'Last changed before then. Nothing lies between `from` and a `to` that is not later.',
  }),
  sort: z.enum(sorts).optional().meta({
    description:
      'By default `relevance` with `search`, where alone it has a meaning, and `-updatedAt` without. Titles are sorted as in a dictionary.',
  }),
}).refine(({ sort, search }) => sort !== 'relevance' || search !== undefined, {
  error: 'can be relevance only together with search',
  path: ['sort'],
});

const html = z.string().meta({ description: 'HTML: `<mark>` around what was found, all else escaped.' });

const exampleFound = {
  ...exampleNote,
  rank: 0.61,
  highlight: { title: 'Shopping', content: '<mark>Milk</mark>, bread' },
};

const ListedNote = Note.extend({
  rank: z.number().optional().meta({ description: 'With `search`: how well the note fits.' }),
  highlight: z.object({ title: html, content: html }).optional().meta({ description: 'With `search`.' }),
}).meta({ id: 'ListedNote', examples: [exampleFound] });

export const NotePage = pageOf('NotePage', ListedNote, [exampleFound]);

export type NoteQuery = z.output<typeof ListNotes>;
