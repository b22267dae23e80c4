import { listQuery } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { Tag, TagInput } from '../notes/notes.schemas.ts';

export const maxListedTags = 10_000;

export const ListTags = z.object({ cursor: listQuery({}).shape.cursor });

export const TagPage = z
  .object({
    items: z.array(
      z.object({
        tag: z.string(),
        count: z.int().min(1).meta({ description: 'Notes outside the trash that have the tag.' }),
      }),
    ),
    page: z.object({
      limit: z.int(),
      nextCursor: z
        .string()
        .nullable()
        .meta({ description: `Null, unless there are more than ${maxListedTags} tags.` }),
    }),
  })
  .meta({
    id: 'TagPage',
    examples: [
      {
        items: [
          { tag: 'home', count: 12 },
          { tag: 'work', count: 3 },
        ],
        page: { limit: maxListedTags, nextCursor: null },
      },
    ],
  });

export const TagParams = z.object({ tag: Tag.meta({ ...TagInput, examples: ['home'] }) });

export const RenameTag = z
  .strictObject({ name: Tag.meta({ ...TagInput }) })
  .meta({ examples: [{ name: 'household' }] });

export const ChangedNotes = z
  .object({ changed: z.int().min(0) })
  .meta({ id: 'ChangedNotes', examples: [{ changed: 12 }] });
