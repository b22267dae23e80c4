import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { firstAdminService } from './first-admin.service.ts';

const Appointment = z.discriminatedUnion('state', [
  z.object({ state: z.literal('not_needed') }),
  z.object({
    state: z.literal('appointed'),
    account: z.object({
      version: z.int(),
      role: z.literal('admin'),
      status: z.literal('active'),
      accessRevocations: z.int(),
      sessionRevocations: z.int(),
    }),
  }),
]);

export function internalAccountsRoutes(
  context: Pick<Context, 'accounts' | 'activeAdmins' | 'clock'>,
): Route[] {
  const appoint = firstAdminService(context);
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
