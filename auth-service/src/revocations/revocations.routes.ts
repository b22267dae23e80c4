import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { revocationsService } from './revocations.service.ts';

const Page = z.object({
  entries: z.array(
    z.object({
      sub: z.string(),
      minVer: z.int().meta({ description: 'Tokens of the user with a lower `ver` do not count.' }),
    }),
  ),
  cursor: z.string(),
  more: z.boolean(),
  whole: z.boolean().meta({ description: 'Whether this is the first page of all that matters still.' }),
  lifetimeSeconds: z.int(),
});

type Dependencies = Pick<Context, 'credentials' | 'erasures' | 'db' | 'accessTokenSeconds'>;

export function revocationsRoutes(context: Dependencies): Route[] {
  const revocations = revocationsService(context);
  return [
    route({
      method: 'get',
      path: '/internal/revocations',
      tag: 'Internal',
      summary: 'Follow who has been cut off',
      access: { callers: ['user-service', 'notes-service'] },
      isPolled: true,
      query: z.object({ after: z.string().optional() }),
      responses: { 200: { description: 'What has changed since the cursor, or all', schema: Page } },
      handler: async ({ query }) => ({
        status: 200,
        body: { ...(await revocations.page(query.after)), lifetimeSeconds: context.accessTokenSeconds },
      }),
    }),
  ];
}
