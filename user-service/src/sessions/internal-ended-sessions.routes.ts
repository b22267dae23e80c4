import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { EndedSessionsRepository } from './ended-sessions.repository.ts';

export const internalEndedSessionsRoutes = ({
  endedSessions,
}: {
  endedSessions: Pick<EndedSessionsRepository, 'add'>;
}): Route[] => [
  route({
    method: 'put',
    path: '/internal/ended-sessions/:id',
    tag: 'Internal',
    summary: 'Refuse the access tokens of a session that has ended',
    access: { callers: ['auth-service'] },
    params: z.object({ id: z.uuid() }),
    responses: { 200: { description: 'The tokens are refused', schema: z.object({ id: z.string() }) } },
    handler: async ({ params: { id } }) => {
      await endedSessions.add(id);
      return { status: 200, body: { id } };
    },
  }),
];
