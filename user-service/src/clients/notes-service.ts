import type { InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Owner = z.object({ id: z.string(), isErased: z.boolean(), notes: z.int() });
const OwnerPage = z.object({ items: z.array(Owner) });

/** The counts of an erasure, by their names in a receipt. Earlier versions of notes-service return `notes` alone. */
const Erased = z
  .object({
    notes: z.int(),
    trashed: z.int().default(0),
    versions: z.int().default(0),
    idempotencyKeys: z.int().default(0),
  })
  .transform(({ notes, trashed, versions, idempotencyKeys }) => ({
    notes,
    trashedNotes: trashed,
    noteVersions: versions,
    idempotencyKeys,
  }));

export type StoredOwner = z.output<typeof Owner>;

export type NotesService = ReturnType<typeof createNotesServiceClient>;

/** The calls to notes-service. They throw like an InternalClient. */
export const createNotesServiceClient = (client: InternalClient) => ({
  listAfter: async (id: string): Promise<StoredOwner[]> =>
    OwnerPage.parse(await client.call('GET', `/internal/owners${id === '' ? '' : `?after=${id}`}`)).items,

  find: async (id: string): Promise<StoredOwner> =>
    Owner.parse(await client.call('GET', `/internal/owners/${id}`)),

  /** Erases all data of an owner and refuses new ones. A repeat returns the first receipt. */
  erase: async (ownerId: string): Promise<z.output<typeof Erased>> =>
    Erased.parse(await client.call('DELETE', `/internal/owners/${ownerId}`)),
});
