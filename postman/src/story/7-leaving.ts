import type { Folder } from '../collection/story.ts';

export const leaving: Folder = {
  name: '7 Leaving',
  description: 'The user deactivates their account and the admin deletes it. Nothing of the run remains.',
  steps: [
    {
      name: 'The user deactivates their account',
      call: 'DELETE /api/users/delete-me',
      expect: '204',
      description: 'The notes are kept, and an admin can reactivate the account.',
    },
    {
      name: 'The access token of the user has been revoked',
      call: 'GET /api/users/me',
      expect: '401 token_revoked',
      description: 'Although it has not expired.',
    },
    {
      name: 'The admin reads who deactivated the account',
      call: 'GET /api/auth/events?userId={{userId}}&type=deactivated',
      description: 'It still exists. Without `userId`, the list has the events of all accounts.',
      has: { 'items.*.actorId': ['{{userId}}'] },
    },
    {
      name: 'The admin deletes the user',
      call: 'DELETE /api/users/{{userId}}',
      description: 'Together with the two remaining notes.',
      has: { 'removed.profile': 1, 'removed.credentials': 1, 'removed.notes': 3 },
    },
    {
      name: 'Nothing remains',
      call: 'GET /api/users?search={{username}}&total=true',
      description: 'No user has this name any more.',
      has: { 'page.total': 0 },
    },
    {
      name: 'The admin logs out',
      call: 'POST /api/auth/logout',
      description: 'The refresh token suffices, also when the access token has expired.',
      as: 'nobody',
      body: { refreshToken: '{{adminRefreshToken}}' },
    },
    {
      name: 'The access token of the admin has been revoked',
      call: 'GET /api/users/me',
      expect: '401 token_revoked',
      description: 'A logout ends one session, with all its tokens.',
      as: 'adminToken',
    },
  ],
};
