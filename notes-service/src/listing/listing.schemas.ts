import { flag, instant, isVisible, listQuery, pageOf } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { exampleNote, maxTagLength, maxTags, Note, tagCharacter, Tags } from '../notes/notes.schemas.ts';
import { maxCodePoints, maxWords, parseSearch } from '../search/parse-search.ts';
import { sorts } from './sorts.ts';

const hasControlCharacter = (tag: string) => /\p{Cc}/u.test(tag.trim());

/** Tags as notes store them. Tags that nobody can see are ignored, but not control characters, which no tag has. */
const tagsIn = (split: (given: string) => string[]) =>
  z
    .string()
    .transform((given): unknown[] => split(given).filter((tag) => isVisible(tag) || hasControlCharacter(tag)))
    .pipe(Tags);

const tagsText = `${tagCharacter}{0,${maxTagLength}}`;

export const ListNotes = listQuery({
  search: z
    .string()
    .transform(parseSearch)
    .optional()
    .meta({
      description: `Words that must all match, \`"a phrase"\`, \`-not\`, \`or\`. The last word also matches as a prefix. A hyphen negates only the word or phrase that it touches. If nothing matches exactly, the closest words in the notes are searched (\`page.mode\` is \`close\`). Any part of a text in Chinese, Japanese, Korean, Thai and other scripts without spaces is found. Letters and digits are separate words, and a symbol such as an emoji is a word. \`ä ö ü ø å\` also match as \`ae oe ue oe aa\`. Case, accents, composed or decomposed forms, format characters and kinds of apostrophe do not matter, in any script. A text without a word finds nothing; a blank text is ignored. Only the first ${maxWords} words and ${maxCodePoints} characters are used.`,
      examples: ['milk -bread'],
    }),
  tags: tagsIn((given) => given.split(','))
    .optional()
    .meta({
      pattern: `^${tagsText}(?:,${tagsText}){0,${maxTags - 1}}$`,
      description: 'Tags, separated by commas.',
      examples: ['work,home'],
    }),
  tag: tagsIn((given) => [given])
    .optional()
    .meta({
      pattern: `^${tagsText}$`,
      description: 'One tag, in addition to `tags`.',
      examples: ['work'],
    }),
  tagMode: z
    .enum(['all', 'any'])
    .default('all')
    .meta({ description: 'Whether a note must have all of the tags or any of them.', examples: ['any'] }),
  pinned: flag
    .transform((value) => value === 'true')
    .optional()
    .meta({ description: 'Only pinned notes (`true`) or only other notes (`false`).', examples: [true] }),
  archived: flag
    .or(z.literal('any'))
    .default('false')
    // One list of values: the API reference would offer only the first part of a union.
    .meta({
      anyOf: undefined,
      enum: [true, false, 'any'],
      default: false,
      description: 'Only archived notes (`true`), only other notes (`false`), or both (`any`).',
    })
    .transform((value) => (value === 'any' ? undefined : value === 'true'))
    .meta({ examples: ['any'] }),
  from: instant('Only notes changed at this time or later: a date-time of RFC 3339, or a date (UTC).'),
  to: instant('Only notes changed before this time. The list is empty if `to` is not later than `from`.'),
  sort: z
    .enum(sorts)
    .optional()
    .meta({
      description:
        'The default is `relevance` with `search` and `-updatedAt` without it. `relevance` needs `search`. Titles are sorted as in a dictionary, and numbers in them by value: `Note 2` before `Note 10`.',
      examples: ['title'],
    }),
}).refine(({ sort, search }) => sort !== 'relevance' || search !== undefined, {
  error: 'can be relevance only together with search',
  path: ['sort'],
});

const html = z
  .string()
  .meta({ description: 'HTML: `<mark>` around each word or phrase that matched, everything else escaped.' });

const exampleListedNote = {
  ...exampleNote,
  rank: 0.61,
  highlight: { title: 'Shopping', content: '<mark>Milk</mark>, bread' },
};

const ListedNote = Note.extend({
  rank: z.number().optional().meta({
    description: 'With `search`: how well the note matches. Ranks of different searches cannot be compared.',
  }),
  highlight: z
    .object({ title: html, content: html })
    .optional()
    .meta({ description: 'With `search`: the title, and fragments of the content around matches.' }),
}).meta({ id: 'ListedNote', examples: [exampleListedNote] });

export const NotePage = pageOf('NotePage', ListedNote, [exampleListedNote], {
  mode: z.enum(['exact', 'close']).optional().meta({
    description:
      'With `search`: `close` if nothing matches and the closest words in the notes were searched instead.',
  }),
  truncated: z.literal(true).optional().meta({
    description:
      'With the sort `relevance`: only the newest matches are ranked. The others follow them, the newest first.',
  }),
  totalIsLowerBound: z
    .literal(true)
    .optional()
    .meta({ description: 'With `search`: there are at least `total` matches.' }),
});

export type NoteQuery = z.output<typeof ListNotes>;
