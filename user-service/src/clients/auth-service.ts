import type { InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';

/** What auth-service is to know of an account; a higher version is a later decision. */
export interface AccountState {
  version: number;
  role: 'user' | 'admin';
  status: 'active' | 'deactivated' | 'deleting';
  /** How often access was cut off so far, and sessions ended: a higher count is a cut, whatever the status. */
  accessCuts: number;
  sessionCuts: number;
}

const Held = z.discriminatedUnion('state', [
  z.object({ state: z.literal('present'), minVer: z.int() }),
  z.object({ state: z.enum(['pending', 'absent']) }),
]);
const Erased = z.object({ credentials: z.int(), sessions: z.int() });

export type AuthService = ReturnType<typeof authServiceClient>;

/** The calls of auth-service that are needed here. They throw as an InternalClient does. */
export const authServiceClient = (client: InternalClient) => ({
  /** What is held now: `pending` while the account is not registered to the end, `absent` if there is none. */
  putAccount: async (id: string, state: AccountState): Promise<z.output<typeof Held>> =>
    Held.parse(await client.call('PUT', `/internal/accounts/${id}`, state)),

  /** Destroys email, password and sessions, and says how much that was, the same at each repeat. */
  erase: async (id: string): Promise<z.output<typeof Erased>> =>
    Erased.parse(await client.call('DELETE', `/internal/accounts/${id}`)),
});
