import { z } from 'zod';
import { AccountState } from '../credentials/account-state.ts';

const StoredAccount = AccountState.extend({ accessVersion: z.int() });

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
