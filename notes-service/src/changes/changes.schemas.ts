import { pageLimit } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { exampleNote, Note } from '../notes/notes.schemas.ts';

export const maxWaitSeconds = 25;

export const ListChanges = z.object({
  since: z.string().optional().meta({
    maxLength: 4_000,
    pattern: '^[A-Za-z0-9_-]+$',
    description: 'The `nextCursor` of the previous answer. Without it, all notes are listed.',
  }),
  limit: pageLimit,
  wait: z
    .string()
    .regex(/^(?:1?\d|2[0-5])$/, `must be a whole number from 0 to ${maxWaitSeconds}`)
    .default('0')
    .meta({
      type: 'integer',
      minimum: 0,
      maximum: maxWaitSeconds,
      pattern: undefined,
      default: 0,
      description: 'Seconds to wait for a change while there is none.',
    })
    .transform(Number)
    .meta({ examples: [0] }),
});

export type ChangesQuery = z.output<typeof ListChanges>;

const { id, version } = Note.shape;

const Change = z.discriminatedUnion('type', [
  z.object({ type: z.literal('note'), id, version, note: Note }),
  z.object({ type: z.literal('trashed'), id, version, deletedAt: z.iso.datetime(), note: Note }),
  z.object({ type: z.literal('destroyed'), id }),
]);

export type Change = z.output<typeof Change>;

export const ChangesPage = z
  .object({
    items: z.array(Change),
    page: z.object({
      limit: z.int(),
      nextCursor: z.string().meta({ description: 'Store it with the changes, and send it as `since`.' }),
      hasMore: z.boolean().meta({ description: 'Whether there are more changes now.' }),
    }),
  })
  .meta({
    id: 'ChangesPage',
    examples: [
      {
        items: [
          { type: 'note', id: exampleNote.id, version: exampleNote.version, note: exampleNote },
          { type: 'destroyed', id: '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c45' },
        ],
        page: { limit: 20, nextCursor: 'WyJrM2JfOXh1MiIsWzcsbnVsbCw3XV0', hasMore: false },
      },
    ],
  });
