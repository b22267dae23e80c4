import type { InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';

/** What auth-service is to know of an account; a higher version is a later decision. */
export interface AccountState {
  version: number;
  role: 'user' | 'admin';
  status: 'active' | 'deactivated' | 'deleting';
  /** How often access was cut off so far, and sessions ended: a higher count is a cut, whatever the status. */
  accessRevocations: number;
  sessionRevocations: number;
}

const Held = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('present'),
    version: z.int(),
    minVer: z.int(),
    role: z.enum(['user', 'admin']),
    status: z.enum(['active', 'deactivated', 'deleting']),
    accessRevocations: z.int(),
    sessionRevocations: z.int(),
  }),
  z.object({ state: z.enum(['pending', 'absent']) }),
]);
const Erased = z.object({ credentials: z.int(), sessions: z.int() });

const Account = z.object({
  id: z.string(),
  state: z.enum(['pending', 'active', 'withdrawing']),
  version: z.int(),
  email: z.string(),
  emailVerified: z.boolean(),
  role: z.enum(['user', 'admin']),
  status: z.enum(['active', 'deactivated', 'deleting']),
  accountVersion: z.int(),
  accessRevocations: z.int(),
  sessionRevocations: z.int(),
  minVer: z.int(),
  delivery: z.object({ since: z.coerce.date(), isParked: z.boolean() }).nullable(),
});
const Accounts = z.object({ items: z.array(Account) });
const FoundAccount = z.union([Account, z.object({ id: z.string(), state: z.enum(['erased', 'absent']) })]);

export type HeldAccount = z.output<typeof Account>;
export type FoundAccount = z.output<typeof FoundAccount>;

/** Whether auth-service holds a credential, in whatever state. */
export const isCredential = (found: FoundAccount | null): found is HeldAccount =>
  found !== null && found.state !== 'erased' && found.state !== 'absent';

export type AuthService = ReturnType<typeof authServiceClient>;

/** The calls of auth-service that are needed here. They throw as an InternalClient does. */
export const authServiceClient = (client: InternalClient) => ({
  /** What is held now: `pending` while the account is not registered to the end, `absent` if there is none. */
  putAccount: async (id: string, state: AccountState): Promise<z.output<typeof Held>> =>
    Held.parse(await client.call('PUT', `/internal/accounts/${id}`, state)),

  /** All accounts by id, those after one, a thousand at most. */
  accountsAfter: async (id: string): Promise<HeldAccount[]> =>
    Accounts.parse(await client.call('GET', `/internal/accounts?after=${id}`)).items,

  findAccount: async (id: string): Promise<FoundAccount> =>
    FoundAccount.parse(await client.call('GET', `/internal/accounts/${id}`)),

  /** Has auth-service tell of an account again, by a version above the one that is held here. */
  async redeliver(id: string, above: number): Promise<void> {
    await client.call('PUT', `/internal/accounts/${id}/redelivery`, { above });
  },

  /** Destroys email, password and sessions, and says how much that was, the same at each repeat. */
  erase: async (id: string): Promise<z.output<typeof Erased>> =>
    Erased.parse(await client.call('DELETE', `/internal/accounts/${id}`)),
});
