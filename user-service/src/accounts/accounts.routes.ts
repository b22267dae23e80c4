import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import { lastAdmin } from '../active-admins/active-admins.repository.ts';
import { authorOf } from '../profiles/account-events.ts';
import { User } from '../profiles/profiles.schemas.ts';
import { usernameTaken } from '../profiles/usernames.ts';
import {
  AccountPage,
  AccountParams,
  CompletedDeletion,
  Deletion,
  ListAccounts,
  PatchAccount,
  PendingDeletion,
} from './accounts.schemas.ts';
import { createAccountsService, type Dependencies as OfAccounts } from './accounts.service.ts';
import { createDeletionService, type Dependencies as OfDeletions } from './deletion.service.ts';

const tag = 'Users';
const access = { role: 'admin' };

export const accountsRoutes = (dependencies: OfAccounts & OfDeletions): Route[] => [
  ...readRoutes(dependencies),
  ...changeRoutes(dependencies),
  ...sessionRoutes(dependencies),
  ...deletionRoutes(dependencies),
];

function readRoutes(dependencies: OfAccounts): Route[] {
  const accounts = createAccountsService(dependencies);
  return [
    route({
      method: 'get',
      path: '/api/users',
      tag,
      summary: 'List and search users (admins)',
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
  ];
}

function changeRoutes(dependencies: OfAccounts): Route[] {
  const accounts = createAccountsService(dependencies);
  return [
    route({
      method: 'delete',
      path: '/api/users/delete-me',
      tag,
      summary: 'Deactivate your account',
      description: 'Nobody can log in to it until an admin reactivates it. The notes are kept.',
      access: 'user',
      responses: {
        204: { description: 'The account is deactivated' },
        202: { description: 'The profile is deactivated; the login follows when auth-service is available' },
      },
      problems: [lastAdmin, problems.tokenRevoked],
      handler: async ({ user, client }) => ({
        status: (await accounts.deactivate(user.id, authorOf(user, client))) ? 204 : 202,
      }),
    }),
    route({
      method: 'patch',
      path: '/api/users/:id',
      tag,
      summary: 'Change the profile, role or status of a user (admins)',
      description:
        'Fields that are left out stay the same. The last active admin cannot be changed to anything else.',
      access,
      params: AccountParams,
      body: PatchAccount,
      responses: {
        200: { description: 'The changed user', schema: User },
        202: {
          description: 'The changed user; login and tokens follow when auth-service is available',
          schema: User,
        },
      },
      problems: [usernameTaken, lastAdmin, problems.tokenRevoked],
      handler: async ({ params, body, user, client }) => {
        const changed = await accounts.patch(params.id, body, authorOf(user, client));
        return { status: changed.isConfirmed ? 200 : 202, body: changed.user };
      },
    }),
  ];
}

function sessionRoutes(dependencies: OfAccounts): Route[] {
  const accounts = createAccountsService(dependencies);
  return [
    route({
      method: 'delete',
      path: '/api/users/:id/sessions',
      tag,
      summary: 'End all sessions of a user (admins)',
      description:
        'Refresh and access tokens of the user are revoked, and the links in mails that were sent before. The account stays as it is. Your own account is allowed.',
      access,
      params: AccountParams,
      responses: {
        204: { description: 'All sessions have ended' },
        202: {
          description: 'The access tokens are revoked; the sessions end when auth-service is available',
        },
      },
      problems: [problems.tokenRevoked],
      handler: async ({ params, user, client }) => ({
        status: (await accounts.endSessions(params.id, authorOf(user, client))) ? 204 : 202,
      }),
    }),
  ];
}

function deletionRoutes(dependencies: OfDeletions): Route[] {
  const deletions = createDeletionService(dependencies);
  return [
    route({
      method: 'delete',
      path: '/api/users/:id',
      tag,
      summary: 'Hard-delete a user: profile, credentials, sessions and notes (admins)',
      description:
        'This cannot be undone. The email and the username are available again when it is completed.',
      access,
      params: AccountParams,
      responses: {
        200: {
          description: 'What was deleted. A repeat returns the same for 30 days.',
          schema: CompletedDeletion,
        },
        202: {
          description: 'The deletion is in progress until every service has done its part',
          schema: PendingDeletion,
          headers: { Location: 'Where the receipt will be.' },
        },
      },
      problems: [lastAdmin, problems.tokenRevoked],
      handler: async ({ params: { id }, user, client }) => {
        const deletion = await deletions.hardDelete(id, authorOf(user, client));
        if (deletion.state === 'completed') return { status: 200, body: deletion };
        return { status: 202, body: deletion, headers: { Location: `/api/users/deletions/${id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/api/users/deletions/:id',
      tag,
      summary: 'Read the state of a hard deletion (admins)',
      access,
      params: AccountParams,
      responses: { 200: { description: 'The receipt, or that it is pending', schema: Deletion } },
      problems: [problems.tokenRevoked],
      handler: async ({ params }) => ({ status: 200, body: await deletions.find(params.id) }),
    }),
  ];
}
