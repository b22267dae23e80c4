import { z } from 'zod';
import { AccountState } from '../credentials/account-state.ts';
import { accountEventTypes } from '../credentials/event-intents.ts';

const StoredAccount = AccountState.extend({ accessVersion: z.int() });

const AccountEvent = z.strictObject({
  id: z.uuid(),
  type: z.enum(accountEventTypes),
  at: z.iso.datetime(),
  actorId: z.string().nullable(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  details: z.strictObject({ from: z.string(), to: z.string() }).partial(),
});

export type AccountEvent = z.output<typeof AccountEvent>;

/** The events that led to a state. user-service sends them until the state is confirmed. */
const events = z.array(AccountEvent).default([]);

export const DeliveredState = AccountState.extend({ events });
export const DeliveredErasure = z.strictObject({ events }).optional();

export type DeliveredState = z.output<typeof DeliveredState>;

export const StateAnswer = z.discriminatedUnion('state', [
  z.object({ ...StoredAccount.shape, state: z.literal('present') }),
  z.object({ state: z.enum(['pending', 'absent']) }),
]);

export const Snapshot = z.object({
  ...StoredAccount.shape,
  id: z.string(),
  state: z.enum(['pending', 'active', 'cancelling']),
  profileVersion: z.int(),
  email: z.string(),
  emailVerified: z.boolean(),
  delivery: z.object({ since: z.iso.datetime(), isParked: z.boolean() }).nullable(),
});

export const SnapshotAnswer = z.union([
  Snapshot,
  z.object({ id: z.string(), state: z.enum(['erased', 'absent']) }),
]);
