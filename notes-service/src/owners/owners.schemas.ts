import { z } from 'zod';

export const OwnerParams = z.object({ id: z.uuid() });

export const Erasure = z.object({ notes: z.int().min(0) }).meta({ id: 'Erasure' });
