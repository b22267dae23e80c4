import type { InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Erased = z.object({ notes: z.int() });

const Owner = z.object({ id: z.string(), isErased: z.boolean(), notes: z.int() });
const Owners = z.object({ items: z.array(Owner) });

export type HeldOwner = z.output<typeof Owner>;

export type NotesService = ReturnType<typeof notesServiceClient>;

/** The calls of notes-service that are needed here. They throw as an InternalClient does. */
export const notesServiceClient = (client: InternalClient) => ({
  /** All owners of notes by id, those after one, a thousand at most. */
  ownersAfter: async (id: string): Promise<HeldOwner[]> =>
    Owners.parse(await client.call('GET', `/internal/owners${id === '' ? '' : `?after=${id}`}`)).items,

  findOwner: async (id: string): Promise<HeldOwner> =>
    Owner.parse(await client.call('GET', `/internal/owners/${id}`)),

  /** Destroys all notes of an owner and lets none be written any more; says how many they were, the same at each repeat. */
  erase: async (ownerId: string): Promise<z.output<typeof Erased>> =>
    Erased.parse(await client.call('DELETE', `/internal/owners/${ownerId}`)),
});
