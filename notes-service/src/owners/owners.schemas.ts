import { z } from 'zod';

export const OwnerParams = z.object({ id: z.uuid() });

/** The smallest, so that a list begins with the first. */
const noId = '00000000-0000-0000-0000-000000000000';
export const ListOwners = z.object({ after: z.guid().default(noId) });

export const Owner = z.object({ id: z.string(), isErased: z.boolean(), notes: z.int() });
export const OwnerList = z.object({ items: z.array(Owner) });

export const Erasure = z.object({ notes: z.int().min(0) }).meta({ id: 'Erasure' });
