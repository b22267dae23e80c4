import { ProblemBody } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { CreateNote, exampleNote, Note, PatchNote } from '../notes/notes.schemas.ts';
import { entityTag } from '../notes/preconditions.ts';

export const maxOperations = 100;

const inputSchema = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  });
  return rest;
};

/** A note whose content is validated with its operation, so that an invalid note refuses no other operation. */
const noteLike = (schema: z.ZodType, description: string) =>
  z
    .custom<object>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'must be an object',
    )
    .meta({ description, anyOf: [inputSchema(schema), { type: 'object' }] });

const id = z.string().meta({ description: 'The id of the note.' });
const ifMatch = z
  .union([z.string(), z.int().transform(entityTag)])
  .optional()
  .meta({
    description:
      'The ETag of the note that you read, in quotes as in the header `If-Match`, or its `version` as a number.',
  });

const Operation = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('create'),
    note: noteLike(CreateNote, 'As in `POST /api/notes`. An invalid note refuses this operation only.'),
  }),
  z.strictObject({
    op: z.literal('update'),
    id,
    ifMatch,
    note: noteLike(PatchNote, 'As in `PATCH /api/notes/{id}`. An invalid note refuses this operation only.'),
  }),
  z.strictObject({
    op: z.literal('delete'),
    id,
    ifMatch,
    permanent: z.boolean().default(false).meta({
      description: 'Whether to destroy the note with its versions, from the trash or not.',
    }),
  }),
  z.strictObject({ op: z.literal('restore'), id, ifMatch }),
]);

export const Batch = z
  .strictObject({
    atomic: z.boolean().default(false).meta({
      description: 'Whether a refused operation refuses the whole batch.',
    }),
    // The first array bounds the work.
    operations: z
      .array(z.unknown())
      .min(1)
      .max(maxOperations)
      .meta({ items: inputSchema(Operation), minItems: 1, maxItems: maxOperations })
      .pipe(z.array(Operation)),
  })
  .meta({
    examples: [
      {
        operations: [
          { op: 'create', note: { title: 'Shopping', content: 'Milk, bread', tags: ['home'] } },
          {
            op: 'update',
            id: '0198c0df-7a52-7c31-8a0e-000000000000',
            ifMatch: '"3"',
            note: { pinned: true },
          },
        ],
      },
    ],
  });

const BatchNote = Note.partial({ content: true }).meta({
  id: 'BatchNote',
  description: 'A note. Its `content` is left out if the batch returns too much of it.',
});

export const BatchResults = z
  .object({
    results: z.array(
      z.object({
        status: z.int().meta({ description: 'The status that the operation alone would have.' }),
        body: z.union([BatchNote, ProblemBody, z.null()]),
      }),
    ),
  })
  .meta({
    id: 'BatchResults',
    examples: [
      {
        results: [
          { status: 201, body: exampleNote },
          {
            status: 404,
            body: {
              type: 'https://notes.example.com/problems#not_found',
              title: 'The resource does not exist',
              status: 404,
              code: 'not_found',
              requestId: '0b5f1b0e-6c1f-4a55-9d0c-3f6b1c1d7e2a',
            },
          },
        ],
      },
    ],
  });

export type Operation = z.output<typeof Operation>;
export type Batch = z.output<typeof Batch>;
