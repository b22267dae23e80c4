import { route, type Route } from '@polyglot-notes/service-kit';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Limits } from './limits.ts';
import { createOwnersRepository } from './owners.repository.ts';
import { OwnerUsage } from './owners.schemas.ts';

export function usageRoutes({ db, limits }: { db: PrismaClient; limits: Limits }): Route[] {
  const owners = createOwnersRepository(db);
  return [
    route({
      method: 'get',
      path: '/api/notes/usage',
      tag: 'Notes',
      summary: 'Read how much you have stored, and how much you may store',
      access: 'user',
      responses: { 200: { description: 'What is stored, and the limits', schema: OwnerUsage } },
      handler: async ({ user }) => ({ status: 200, body: { ...(await owners.usage(user.id)), limits } }),
    }),
  ];
}
