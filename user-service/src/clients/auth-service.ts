import type { InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';

/** What auth-service is to know of an account; a higher version is a later decision. */
export interface AccountState {
  version: number;
  role: 'user' | 'admin';
  status: 'active' | 'deactivated' | 'deleting';
}

const Held = z.object({ state: z.enum(['present', 'absent']) });
const Erased = z.object({ credentials: z.int(), sessions: z.int() });

export type AuthService = ReturnType<typeof authServiceClient>;

/** The calls of auth-service that are needed here. They throw `service_unavailable` when there is no answer. */
export const authServiceClient = (client: InternalClient) => ({
  /** False when there is no such account. */
  async putAccount(id: string, state: AccountState): Promise<boolean> {
    const { status, data } = await client.request('PUT', `/internal/accounts/${id}`, state);
    if (status !== 200) throw new Error(`auth-service answered ${status} to the state of an account`);
    return Held.parse(data).state === 'present';
  },

  /** Destroys email, password and sessions, and says how much that was, the same at each repeat. */
  async erase(id: string): Promise<z.output<typeof Erased>> {
    const { status, data } = await client.request('DELETE', `/internal/accounts/${id}`);
    if (status !== 200) throw new Error(`auth-service answered ${status} to the erasure of an account`);
    return Erased.parse(data);
  },
});
