import { z } from 'zod';

export const OwnerParams = z.object({ id: z.uuid() });

/** Sorts before every id, so that a list without `after` starts at the first owner. */
const smallestId = '00000000-0000-0000-0000-000000000000';
export const ListOwners = z.object({ after: z.guid().default(smallestId) });

export const Owner = z.object({ id: z.string(), isErased: z.boolean(), notes: z.int().min(0) });
export const OwnerList = z.object({ items: z.array(Owner) });
export const Erasure = Owner.pick({ notes: true }).meta({ id: 'Erasure' });

export type Owner = z.output<typeof Owner>;
