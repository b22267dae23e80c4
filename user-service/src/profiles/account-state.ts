import { z } from 'zod';

export const Role = z.enum(['user', 'admin']);
export const Status = z.enum(['active', 'deactivated', 'deleting']);

/** The state of an account that this service decides and auth-service copies. */
export const AccountState = z.strictObject({
  accountVersion: z.int(),
  role: Role,
  status: Status,
  /** How many times access was revoked, and how many times sessions were. A higher count is a revocation, whatever the status. */
  accessRevocations: z.int(),
  sessionRevocations: z.int(),
});

export type AccountState = z.output<typeof AccountState>;

export const accountStateOf = ({
  accountVersion,
  role,
  status,
  accessRevocations,
  sessionRevocations,
}: AccountState): AccountState => ({ accountVersion, role, status, accessRevocations, sessionRevocations });

export const isActiveAdmin = ({ role, status }: Pick<AccountState, 'role' | 'status'>): boolean =>
  role === 'admin' && status === 'active';
