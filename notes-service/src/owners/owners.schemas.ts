import { z } from 'zod';

export const OwnerParams = z.object({ id: z.uuid() });

/** Sorts before every id, so that a list without `after` starts at the first owner. */
export const smallestId = '00000000-0000-0000-0000-000000000000';
export const ListOwners = z.object({ after: z.guid().default(smallestId) });

export const Owner = z.object({ id: z.string(), isErased: z.boolean(), notes: z.int().min(0) });
export const OwnerList = z.object({ items: z.array(Owner) });

const Count = z.int().min(0);
export const Erasure = z
  .object({
    notes: Count.meta({ description: 'All notes, those in the trash included.' }),
    trashed: Count,
    versions: Count,
    idempotencyKeys: Count,
  })
  .meta({ id: 'Erasure' });

export type Owner = z.output<typeof Owner>;
export type Erasure = z.output<typeof Erasure>;

export const OwnerUsage = z
  .object({
    notes: Count.meta({ description: 'Notes outside the trash.' }),
    trashed: Count.meta({ description: 'Notes in the trash.' }),
    versions: Count.meta({ description: 'Earlier versions of all notes.' }),
    bytes: Count.meta({
      description:
        'Titles, contents and tags of all notes and earlier versions in UTF-8. An earlier version counts only the texts that the next one changed.',
    }),
    limits: z.object({
      notes: Count.meta({ description: 'For all notes, those in the trash included.' }),
      bytes: Count.meta({
        description: 'The answers that are kept for a day for each `Idempotency-Key` count, too.',
      }),
      versionsPerNote: Count.meta({ description: 'Earlier versions that are kept of each note.' }),
    }),
  })
  .meta({
    id: 'Usage',
    examples: [
      {
        notes: 12,
        trashed: 1,
        versions: 40,
        bytes: 18_204,
        limits: { notes: 200_000, bytes: 2_147_483_648, versionsPerNote: 100 },
      },
    ],
  });
