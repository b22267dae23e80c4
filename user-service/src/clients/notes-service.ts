import type { InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Erased = z.object({ notes: z.int() });

export type NotesService = ReturnType<typeof notesServiceClient>;

/** The calls of notes-service that are needed here. They throw as an InternalClient does. */
export const notesServiceClient = (client: InternalClient) => ({
  /** Destroys all notes of an owner and lets none be written any more; says how many they were, the same at each repeat. */
  erase: async (ownerId: string): Promise<z.output<typeof Erased>> =>
    Erased.parse(await client.call('DELETE', `/internal/owners/${ownerId}`)),
});
