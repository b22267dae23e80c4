import { z } from 'zod';

const Role = z.enum(['user', 'admin']);
const Status = z.enum(['active', 'deactivated', 'deleting']);

/** The state of an account that user-service decides and auth-service copies. */
export const AccountState = z.strictObject({
  accountVersion: z.int().positive(),
  role: Role,
  status: Status,
  accessRevocations: z.int().min(0),
  sessionRevocations: z.int().min(0),
});

export type AccountState = z.output<typeof AccountState>;
