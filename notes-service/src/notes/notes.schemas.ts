import {
  flag,
  invisibleCharacters,
  isVisible,
  text,
  visiblePattern,
  visibleText,
} from '@polyglot-notes/service-kit';
import { z } from 'zod';

export const maxTags = 50;
export const maxTagLength = 50;

export const maxTitle = 200;

export const Title = visibleText({ max: maxTitle });
export const Content = text({ max: 100_000 });

/** Tags are stored and compared trimmed, in lower case and in Unicode normalization form C. */
export const Tag = z
  .string()
  .transform((tag) => tag.trim().toLowerCase().normalize('NFC'))
  .pipe(
    visibleText({ max: maxTagLength }).regex(
      /^[^,\p{Cc}]*$/u,
      'must not contain commas or control characters',
    ),
  );

/** The characters of a tag, as part of a regular expression for the API reference. */
export const tagCharacter = '[^,\\x00-\\x1f\\x7f-\\x9f]';
export const TagInput = {
  type: 'string',
  minLength: 1,
  maxLength: maxTagLength,
  pattern: `^\\s*${tagCharacter}*[^,${invisibleCharacters}]${tagCharacter}*\\s*$`,
};

// The first limit bounds the work, the last one counts tags after duplicates are removed.
export const Tags = z
  .array(z.unknown())
  .max(10 * maxTags, `must be at most ${maxTags} tags`)
  .meta({ items: TagInput, maxItems: maxTags })
  .pipe(z.array(Tag))
  .transform((tags) => [...new Set(tags)])
  .refine((tags) => tags.length <= maxTags, `must be at most ${maxTags} tags`);

export const CreateNote = z
  .strictObject({
    title: Title.optional(),
    content: Content.default(''),
    tags: Tags.default([]),
    pinned: z.boolean().default(false),
    archived: z.boolean().default(false),
  })
  .refine(
    ({ title, content }) => title !== undefined || isVisible(content),
    'must have a visible title or content',
  )
  .transform(({ title = 'Untitled', ...rest }) => ({ title, ...rest }))
  .meta({
    anyOf: [
      { required: ['title'] },
      { required: ['content'], properties: { content: { type: 'string', pattern: visiblePattern } } },
    ],
    examples: [{ title: 'Shopping', content: 'Milk, bread', tags: ['home'] }],
  });

export const PatchNote = z
  .strictObject({ title: Title, content: Content, tags: Tags, pinned: z.boolean(), archived: z.boolean() })
  .partial()
  .meta({ examples: [{ content: 'Milk, bread, butter', pinned: true }] });

export const NoteParams = z.object({ id: z.uuid() });

export const DeleteNote = z.object({
  permanent: flag
    .default('false')
    .meta({
      default: false,
      description: 'Whether to destroy the note with its versions, from the trash or not.',
    })
    .transform((value) => value === 'true')
    .meta({ examples: [true] }),
});

export const exampleNote = {
  id: '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44',
  title: 'Shopping',
  content: 'Milk, bread',
  tags: ['home'],
  pinned: false,
  archived: false,
  version: 1,
  createdAt: '2026-11-24T09:30:00.000Z',
  updatedAt: '2026-11-24T09:30:00.000Z',
  deletedAt: null,
};

export const Note = z
  .object({
    id: z.string(),
    title: z.string(),
    content: z.string(),
    tags: z.array(z.string()),
    pinned: z.boolean(),
    archived: z.boolean(),
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    deletedAt: z.iso.datetime().nullable().meta({ description: 'When the note was moved to the trash.' }),
  })
  .meta({ id: 'Note', examples: [exampleNote] });

export type NewNote = z.output<typeof CreateNote>;
export type NoteChanges = z.output<typeof PatchNote>;
