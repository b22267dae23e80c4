import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { AccountState } from '../profiles/account-state.ts';
import { createAppointFirstAdmin, type Dependencies } from './appoint-first-admin.ts';

const Appointment = z.discriminatedUnion('state', [
  z.object({ state: z.literal('not_needed') }),
  z.object({ state: z.literal('appointed'), account: AccountState }),
]);

export function internalFirstAdminRoutes(dependencies: Dependencies): Route[] {
  const appoint = createAppointFirstAdmin(dependencies);
  return [
    route({
      method: 'put',
      path: '/internal/first-admin',
      tag: 'Internal',
      summary: 'Make an account an admin while there is none',
      access: { callers: ['auth-service'] },
      body: z.strictObject({ id: z.uuid() }),
      responses: { 200: { description: 'Whether it was appointed, now or before', schema: Appointment } },
      handler: async ({ body }) => ({ status: 200, body: await appoint(body.id) }),
    }),
  ];
}
