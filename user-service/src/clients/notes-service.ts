import type { InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Owner = z.object({ id: z.string(), isErased: z.boolean(), notes: z.int() });
const OwnerPage = z.object({ items: z.array(Owner) });
const Erased = Owner.pick({ notes: true });

export type StoredOwner = z.output<typeof Owner>;

export type NotesService = ReturnType<typeof createNotesServiceClient>;

/** The calls to notes-service. They throw like an InternalClient. */
export const createNotesServiceClient = (client: InternalClient) => ({
  listAfter: async (id: string): Promise<StoredOwner[]> =>
    OwnerPage.parse(await client.call('GET', `/internal/owners${id === '' ? '' : `?after=${id}`}`)).items,

  find: async (id: string): Promise<StoredOwner> =>
    Owner.parse(await client.call('GET', `/internal/owners/${id}`)),

  /** Erases all notes of an owner and refuses new ones. A repeat returns the first receipt. */
  erase: async (ownerId: string): Promise<z.output<typeof Erased>> =>
    Erased.parse(await client.call('DELETE', `/internal/owners/${ownerId}`)),
});
