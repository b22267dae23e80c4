import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { Snapshot, SnapshotAnswer } from './accounts.schemas.ts';
import { createAccountsService, type Dependencies } from './accounts.service.ts';

const tag = 'Internal';
const access = { callers: ['user-service'] };
const params = z.object({ id: z.uuid() });

/** The routes by which user-service compares and repairs the stores. */
export function internalReconciliationRoutes(dependencies: Dependencies): Route[] {
  const accounts = createAccountsService(dependencies);
  return [
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
