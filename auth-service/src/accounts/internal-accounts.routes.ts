import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { accessVersion } from './credential.model.ts';

const tag = 'Internal';
const access = { callers: ['user-service'] };
const params = z.object({ id: z.uuid() });

const AccountState = z.strictObject({
  version: z.int().positive(),
  role: z.enum(['user', 'admin']),
  status: z.enum(['active', 'deactivated', 'deleting']),
  accessRevocations: z.int().min(0),
  sessionRevocations: z.int().min(0),
});

const HeldAccount = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('present'),
    version: z.int(),
    /** The least version of access that tokens of the account must have. */
    minVer: z.int(),
    role: z.enum(['user', 'admin']),
    status: z.enum(['active', 'deactivated', 'deleting']),
    accessRevocations: z.int(),
    sessionRevocations: z.int(),
  }),
  z.object({ state: z.enum(['pending', 'absent']) }),
]);

/** What user-service tells of accounts; each call may come any number of times and in any order. */
export function internalAccountsRoutes({
  credentials,
  erasures,
  clock,
}: Pick<Context, 'credentials' | 'erasures' | 'clock'>): Route[] {
  return [
    route({
      method: 'put',
      path: '/internal/accounts/:id',
      tag,
      summary: 'Make the role and status of an account what user-service has decided',
      access,
      params,
      body: AccountState,
      responses: { 200: { description: 'What is held now', schema: HeldAccount } },
      handler: async ({ params: { id }, body }) => {
        const held = await credentials.applyState(id, body);
        if (held === null) return { status: 200, body: { state: 'absent' as const } };
        if (held.state !== 'active') return { status: 200, body: { state: 'pending' as const } };
        const decided = { ...held, version: held.accountVersion, minVer: accessVersion(held) };
        return { status: 200, body: { ...decided, state: 'present' as const } };
      },
    }),
    route({
      method: 'delete',
      path: '/internal/accounts/:id',
      tag,
      summary: 'Erase an account: email, password, everything',
      access,
      params,
      responses: {
        200: {
          description: 'It is gone; a repeat says the same',
          schema: z.object({ credentials: z.int(), sessions: z.int() }),
        },
      },
      handler: async ({ params: { id } }) => {
        const found = (await credentials.exists(id)) ? 1 : 0;
        const erasure = await erasures.record({ _id: id, credentials: found, erasedAt: clock() });
        await credentials.remove(id);
        return { status: 200, body: { credentials: erasure.credentials, sessions: 0 } };
      },
    }),
  ];
}
