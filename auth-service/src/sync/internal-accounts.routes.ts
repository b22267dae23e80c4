import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { AccountState } from '../credentials/account-state.ts';
import { createAccountsService, type Dependencies } from './accounts.service.ts';

const tag = 'Internal';
const access = { callers: ['user-service'] };
const params = z.object({ id: z.uuid() });

const StoredAccount = AccountState.extend({ accessVersion: z.int() });

const StateAnswer = z.discriminatedUnion('state', [
  z.object({ ...StoredAccount.shape, state: z.literal('present') }),
  z.object({ state: z.enum(['pending', 'absent']) }),
]);

const Snapshot = z.object({
  ...StoredAccount.shape,
  id: z.string(),
  state: z.enum(['pending', 'active', 'cancelling']),
  profileVersion: z.int(),
  email: z.string(),
  emailVerified: z.boolean(),
  delivery: z.object({ since: z.iso.datetime(), isParked: z.boolean() }).nullable(),
});

const SnapshotAnswer = z.union([Snapshot, z.object({ id: z.string(), state: z.enum(['erased', 'absent']) })]);

export function internalAccountsRoutes(dependencies: Dependencies): Route[] {
  const accounts = createAccountsService(dependencies);
  return [
    route({
      method: 'put',
      path: '/internal/accounts/:id',
      tag,
      summary: 'Apply the role, status and revocations that user-service has decided',
      access,
      params,
      body: AccountState,
      responses: { 200: { description: 'The stored state', schema: StateAnswer } },
      handler: async ({ params: { id }, body }) => ({
        status: 200,
        body: await accounts.applyState(id, body),
      }),
    }),
    route({
      method: 'delete',
      path: '/internal/accounts/:id',
      tag,
      summary: 'Erase an account',
      access,
      params,
      responses: {
        200: {
          description: 'What was removed. A repeat returns the same.',
          schema: z.object({ credentials: z.int(), sessions: z.int() }),
        },
      },
      handler: async ({ params: { id } }) => ({ status: 200, body: await accounts.erase(id) }),
    }),
    route({
      method: 'get',
      path: '/internal/accounts',
      tag,
      summary: 'List all accounts by id, a thousand at a time',
      access,
      query: z.object({ after: z.string().default('') }),
      responses: {
        200: { description: 'The accounts after an id', schema: z.object({ items: z.array(Snapshot) }) },
      },
      handler: async ({ query }) => ({ status: 200, body: await accounts.list(query.after) }),
    }),
    route({
      method: 'get',
      path: '/internal/accounts/:id',
      tag,
      summary: 'Read an account, or whether it was erased',
      access,
      params,
      responses: { 200: { description: 'The stored account', schema: SnapshotAnswer } },
      handler: async ({ params: { id } }) => ({ status: 200, body: await accounts.snapshot(id) }),
    }),
    route({
      method: 'put',
      path: '/internal/accounts/:id/redelivery',
      tag,
      summary: 'Deliver an account to user-service again, with a version above a given one',
      access,
      params,
      body: z.strictObject({ above: z.int().min(0) }),
      responses: { 200: { description: 'The delivery is due now', schema: z.object({ id: z.string() }) } },
      handler: async ({ params: { id }, body }) => ({
        status: 200,
        body: await accounts.redeliver(id, body.above),
      }),
    }),
  ];
}
