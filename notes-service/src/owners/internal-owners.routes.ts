import { route, type Route } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import { ownersRepository } from './owners.repository.ts';
import { Erasure, OwnerParams } from './owners.schemas.ts';

/** What user-service tells of accounts; each call may come any number of times. */
export function internalOwnersRoutes({ db, clock }: Pick<Context, 'db' | 'clock'>): Route[] {
  const owners = ownersRepository(db);
  return [
    route({
      method: 'delete',
      path: '/internal/owners/:id',
      tag: 'Internal',
      summary: 'Destroy all notes of a user, and take no more from them',
      access: { callers: ['user-service'] },
      params: OwnerParams,
      responses: { 200: { description: 'How many notes were destroyed', schema: Erasure } },
      handler: async ({ params }) => ({
        status: 200,
        body: { notes: await owners.erase(params.id, clock()) },
      }),
    }),
  ];
}
