import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import { User } from '../profiles/profiles.schemas.ts';
import { usernameTaken } from '../profiles/profiles.service.ts';
import { lastAdmin } from './account-changes.service.ts';
import {
  AccountPage,
  AccountParams,
  CompletedDeletion,
  Deletion,
  ListAccounts,
  PatchAccount,
  PendingDeletion,
} from './accounts.schemas.ts';
import { accountsService } from './accounts.service.ts';
import { deletionService } from './deletion.service.ts';

const tag = 'Users';
const access = { role: 'admin' };

export function accountsRoutes(context: Context): Route[] {
  const accounts = accountsService(context);
  const deletions = deletionService(context);
  return [
    route({
      method: 'delete',
      path: '/api/users/delete-me',
      tag,
      summary: 'Switch your account off',
      description: 'Nobody can log in to it any more; an admin can switch it on again. Notes are kept.',
      access: 'user',
      responses: {
        204: { description: 'The account is off' },
        202: { description: 'The profile is off; the login will be, as soon as auth-service can be reached' },
      },
      problems: [lastAdmin, problems.tokenRevoked],
      handler: async ({ user }) => {
        const isFollowed = await accounts.deactivate(user.id);
        return { status: isFollowed ? 204 : 202 };
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
      responses: {
        200: { description: 'The user as it is now', schema: User },
        202: {
          description: 'The same, while auth-service cannot be reached: login and tokens follow when it can',
          schema: User,
        },
      },
      problems: [usernameTaken, lastAdmin, problems.tokenRevoked],
      handler: async ({ params, body }) => {
        const { user, isFollowed } = await accounts.patch(params.id, body);
        return { status: isFollowed ? 200 : 202, body: user };
      },
    }),
    route({
      method: 'delete',
      path: '/api/users/:id',
      tag,
      summary: 'Destroy a user: profile, credentials and notes (admins)',
      description: 'Cannot be undone. Email and username are free when it is completed.',
      access,
      params: AccountParams,
      responses: {
        200: { description: 'What was destroyed; the same for 30 days', schema: CompletedDeletion },
        202: {
          description: 'It has begun, and goes on by itself until every service has done its part',
          schema: PendingDeletion,
          headers: { Location: 'Where its receipt will be.' },
        },
      },
      problems: [lastAdmin, problems.tokenRevoked],
      handler: async ({ params: { id } }) => {
        const deletion = await deletions.destroy(id);
        if (deletion.state === 'completed') return { status: 200, body: deletion };
        return { status: 202, body: deletion, headers: { Location: `/api/users/deletions/${id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/api/users/deletions/:id',
      tag,
      summary: 'Read how the destruction of a user stands (admins)',
      access,
      params: AccountParams,
      responses: { 200: { description: 'The receipt, or that it is pending', schema: Deletion } },
      problems: [problems.tokenRevoked],
      handler: async ({ params }) => ({ status: 200, body: await deletions.find(params.id) }),
    }),
  ];
}
