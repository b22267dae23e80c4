import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { createRevocationsService } from './revocations.service.ts';

const Page = z.object({
  entries: z.array(
    z.union([
      z.object({
        sub: z.string(),
        minVer: z.int().meta({ description: 'Tokens of the user with a lower `ver` are revoked.' }),
      }),
      z.object({ sid: z.string().meta({ description: 'All tokens of the session are revoked.' }) }),
    ]),
  ),
  cursor: z.string(),
  more: z.boolean(),
  whole: z.boolean().meta({ description: 'Whether this is the first page of the complete list.' }),
  lifetimeSeconds: z.int(),
});

type Dependencies = Parameters<typeof createRevocationsService>[0] & { accessTokenSeconds: number };

export function revocationsRoutes({ accessTokenSeconds, ...dependencies }: Dependencies): Route[] {
  const revocations = createRevocationsService(dependencies);
  return [
    route({
      method: 'get',
      path: '/internal/revocations',
      tag: 'Internal',
      summary: 'Read the revocation feed',
      access: { callers: ['user-service', 'notes-service'] },
      isPolled: true,
      query: z.object({ after: z.string().optional() }),
      responses: {
        200: { description: 'The revocations since the cursor, or all of them', schema: Page },
      },
      handler: async ({ query }) => ({
        status: 200,
        body: { ...(await revocations.page(query.after)), lifetimeSeconds: accessTokenSeconds },
      }),
    }),
  ];
}
