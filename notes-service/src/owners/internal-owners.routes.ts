import { route, type Route } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import { ownersRepository } from './owners.repository.ts';
import { Erasure, ListOwners, Owner, OwnerList, OwnerParams } from './owners.schemas.ts';

const tag = 'Internal';
const access = { callers: ['user-service'] };
const pageSize = 1_000;

/** What user-service tells and asks of accounts; each call may come any number of times. */
export function internalOwnersRoutes({ db, clock }: Pick<Context, 'db' | 'clock'>): Route[] {
  const owners = ownersRepository(db);
  return [
    route({
      method: 'get',
      path: '/internal/owners',
      tag,
      summary: 'List all owners by id, a thousand at a time',
      access,
      query: ListOwners,
      responses: { 200: { description: 'Those after an id', schema: OwnerList } },
      handler: async ({ query }) => ({
        status: 200,
        body: { items: await owners.after(query.after, pageSize) },
      }),
    }),
    route({
      method: 'get',
      path: '/internal/owners/:id',
      tag,
      summary: 'Read whether an owner was erased, and how many notes they have',
      access,
      params: OwnerParams,
      responses: { 200: { description: 'The owner; of one who never wrote, nothing', schema: Owner } },
      handler: async ({ params: { id } }) => ({
        status: 200,
        body: (await owners.find(id)) ?? { id, isErased: false, notes: 0 },
      }),
    }),
    route({
      method: 'delete',
      path: '/internal/owners/:id',
      tag,
      summary: 'Destroy all notes of a user, and take no more from them',
      access,
      params: OwnerParams,
      responses: { 200: { description: 'How many notes were destroyed', schema: Erasure } },
      handler: async ({ params }) => ({
        status: 200,
        body: { notes: await owners.erase(params.id, clock()) },
      }),
    }),
  ];
}
