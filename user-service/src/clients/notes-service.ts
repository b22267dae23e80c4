import { Problem, problems, type InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Erased = z.object({ notes: z.int() });

export type NotesService = ReturnType<typeof notesServiceClient>;

/** The calls of notes-service that are needed here. They throw `service_unavailable` when there is no answer. */
export const notesServiceClient = (client: InternalClient) => ({
  /** Throws `service_unavailable`, too, when the service answers but cannot serve. */
  async ensureReady(): Promise<void> {
    const { status } = await client.request('GET', '/health/ready');
    if (status !== 200) throw new Problem(problems.serviceUnavailable);
  },

  /** Destroys all notes of an owner and lets none be written any more; says how many they were, the same at each repeat. */
  async erase(ownerId: string): Promise<z.output<typeof Erased>> {
    const { status, data } = await client.request('DELETE', `/internal/owners/${ownerId}`);
    if (status !== 200) throw new Error(`notes-service answered ${status} to the erasure of an owner`);
    return Erased.parse(data);
  },
});
