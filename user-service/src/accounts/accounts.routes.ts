import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import { User } from '../profiles/profiles.schemas.ts';
import { usernameTaken } from '../profiles/profiles.service.ts';
import { lastAdmin } from './account-changes.service.ts';
import {
  AccountPage,
  AccountParams,
  DeletionReceipt,
  ListAccounts,
  PatchAccount,
} from './accounts.schemas.ts';
import { accountsService } from './accounts.service.ts';
import { deletionService } from './deletion.service.ts';

const tag = 'Users';
const access = { role: 'admin' };

export function accountsRoutes(context: Context): Route[] {
  const accounts = accountsService(context);
  const { destroy } = deletionService(context);
  return [
    route({
      method: 'delete',
      path: '/api/users/delete-me',
      tag,
      summary: 'Switch your account off',
      description: 'Nobody can log in to it any more; an admin can switch it on again. Notes are kept.',
      access: 'user',
      responses: { 204: { description: 'The account is off' } },
      problems: [lastAdmin, problems.tokenRevoked],
      handler: async ({ user }) => {
        await accounts.deactivate(user.id);
        return { status: 204 };
      },
    }),
    route({
      method: 'get',
      path: '/api/users',
      tag,
      summary: 'List and search all users (admins)',
      access,
      query: ListAccounts,
      responses: { 200: { description: 'One page of users', schema: AccountPage } },
      problems: [invalidCursor, problems.tokenRevoked],
      handler: async ({ query }) => ({ status: 200, body: await accounts.list(query) }),
    }),
    route({
      method: 'get',
      path: '/api/users/:id',
      tag,
      summary: 'Read a user (admins)',
      access,
      params: AccountParams,
      responses: { 200: { description: 'The user', schema: User } },
      problems: [problems.tokenRevoked],
      handler: async ({ params }) => ({ status: 200, body: await accounts.get(params.id) }),
    }),
    route({
      method: 'patch',
      path: '/api/users/:id',
      tag,
      summary: 'Change a user: profile, role, status (admins)',
      description: 'Only what is named changes. One active admin remains, whatever is asked for.',
      access,
      params: AccountParams,
      body: PatchAccount,
      responses: { 200: { description: 'The user as it is now', schema: User } },
      problems: [usernameTaken, lastAdmin, problems.tokenRevoked],
      handler: async ({ params, body }) => ({ status: 200, body: await accounts.patch(params.id, body) }),
    }),
    route({
      method: 'delete',
      path: '/api/users/:id',
      tag,
      summary: 'Destroy a user: profile, credentials and notes (admins)',
      description:
        'Cannot be undone. A repeat carries on what was interrupted, and answers the same for 30 days.',
      access,
      params: AccountParams,
      responses: { 200: { description: 'What was destroyed', schema: DeletionReceipt } },
      problems: [lastAdmin, problems.tokenRevoked],
      handler: async ({ params }) => {
        const { requestedAt, completedAt, removed } = await destroy(params.id);
        const times = { requestedAt: requestedAt.toISOString(), completedAt: completedAt.toISOString() };
        return { status: 200, body: { id: params.id, state: 'completed' as const, removed, ...times } };
      },
    }),
  ];
}
