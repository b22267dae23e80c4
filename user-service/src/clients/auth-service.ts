import type { InternalClient } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { AccountEvent } from '../profiles/account-events.ts';
import { AccountState } from '../profiles/account-state.ts';

const StoredAccount = z.object({ ...AccountState.shape, accessVersion: z.int() });

const StateAnswer = z.discriminatedUnion('state', [
  StoredAccount.extend({ state: z.literal('present') }),
  z.object({ state: z.literal('pending') }),
  z.object({ state: z.literal('absent') }),
]);

const Erased = z.object({ credentials: z.int(), sessions: z.int() });

const Credential = StoredAccount.extend({
  id: z.string(),
  state: z.enum(['pending', 'active', 'cancelling']),
  profileVersion: z.int(),
  email: z.string(),
  emailVerified: z.boolean(),
  delivery: z.object({ since: z.coerce.date(), isParked: z.boolean() }).nullable(),
});
const CredentialPage = z.object({ items: z.array(Credential) });
const FoundCredential = z.union([
  Credential,
  z.object({ id: z.string(), state: z.enum(['erased', 'absent']) }),
]);

export type StoredCredential = z.output<typeof Credential>;
export type FoundCredential = z.output<typeof FoundCredential>;

export const isCredential = (found: FoundCredential | null): found is StoredCredential =>
  found !== null && found.state !== 'erased' && found.state !== 'absent';

export type AuthService = ReturnType<typeof createAuthServiceClient>;

/** The calls to auth-service. They throw like an InternalClient. */
export const createAuthServiceClient = (client: InternalClient) => ({
  /** Sends the state of an account, with the events that led to it. Returns what is stored then: `pending` until the registration is complete. */
  putAccount: async (
    id: string,
    state: AccountState,
    events: AccountEvent[],
  ): Promise<z.output<typeof StateAnswer>> =>
    StateAnswer.parse(await client.call('PUT', `/internal/accounts/${id}`, { ...state, events })),

  listAfter: async (id: string): Promise<StoredCredential[]> =>
    CredentialPage.parse(await client.call('GET', `/internal/accounts?after=${id}`)).items,

  find: async (id: string): Promise<FoundCredential> =>
    FoundCredential.parse(await client.call('GET', `/internal/accounts/${id}`)),

  /** Makes auth-service deliver an account again, with a profile version above the given one. */
  async redeliver(id: string, above: number): Promise<void> {
    await client.call('PUT', `/internal/accounts/${id}/redelivery`, { above });
  },

  /** Erases the credential and its sessions. A repeat returns the first receipt. */
  erase: async (id: string, events: AccountEvent[] = []): Promise<z.output<typeof Erased>> =>
    Erased.parse(await client.call('DELETE', `/internal/accounts/${id}`, { events })),
});
