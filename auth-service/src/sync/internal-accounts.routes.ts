import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { DeliveredErasure, DeliveredState, StateAnswer } from './accounts.schemas.ts';
import { createAccountsService, type Dependencies } from './accounts.service.ts';

const tag = 'Internal';
const access = { callers: ['user-service'] };
const params = z.object({ id: z.uuid() });

/** The routes by which user-service decides about accounts. */
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
      body: DeliveredState,
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
      body: DeliveredErasure,
      responses: {
        200: {
          description: 'What was removed. A repeat returns the same.',
          schema: z.object({ credentials: z.int(), sessions: z.int() }),
        },
      },
      handler: async ({ params: { id }, body }) => ({
        status: 200,
        body: await accounts.erase(id, body?.events),
      }),
    }),
  ];
}
