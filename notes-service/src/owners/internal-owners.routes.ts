import { route, type Route } from '@polyglot-notes/service-kit';
import { Erasure, ListOwners, Owner, OwnerList, OwnerParams } from './owners.schemas.ts';
import { createOwnersService, type OwnersDependencies } from './owners.service.ts';

const tag = 'Internal';
const access = { callers: ['user-service'] };

export function internalOwnersRoutes(dependencies: OwnersDependencies): Route[] {
  const owners = createOwnersService(dependencies);
  return [
    route({
      method: 'get',
      path: '/internal/owners',
      tag,
      summary: 'List all owners by id, a thousand at a time',
      access,
      query: ListOwners,
      responses: { 200: { description: 'The owners after an id', schema: OwnerList } },
      handler: async ({ query }) => ({ status: 200, body: await owners.list(query.after) }),
    }),
    route({
      method: 'get',
      path: '/internal/owners/:id',
      tag,
      summary: 'Read whether an owner has been erased and how many notes they have',
      access,
      params: OwnerParams,
      responses: { 200: { description: 'The owner', schema: Owner } },
      handler: async ({ params }) => ({ status: 200, body: await owners.get(params.id) }),
    }),
    route({
      method: 'delete',
      path: '/internal/owners/:id',
      tag,
      summary: 'Delete all notes of a user with their versions, and refuse later writes',
      access,
      params: OwnerParams,
      responses: { 200: { description: 'The numbers of what has been deleted', schema: Erasure } },
      handler: async ({ params }) => ({ status: 200, body: await owners.erase(params.id) }),
    }),
  ];
}
