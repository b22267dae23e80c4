import type { Folder, Step } from '../collection/story.ts';

const finding: Step[] = [
  {
    name: 'The admin logs in',
    call: 'POST /api/auth/login',
    description: 'If this fails, check `adminEmail` and `adminPassword` in the environment.',
    fields: { email: '{{adminEmail}}', password: '{{adminPassword}}' },
    has: { 'user.role': 'admin' },
    saveTokens: 'adminToken',
  },
  {
    name: 'The admin lists all users, page by page',
    call: 'GET /api/users?sort=-createdAt&limit=1&total=true',
    description: 'Newest first.',
    check: `
      pm.test('the page has one user, and there are at least the admin and the two users of this run', () => {
        pm.expect(body.items).to.have.lengthOf(1);
        pm.expect(body.page.total).to.be.at.least(3);
      });
      pm.collectionVariables.set('listedUserId', body.items[0].id);
    `,
    save: { usersCursor: 'page.nextCursor' },
  },
  {
    name: 'The cursor leads to the next page of users',
    call: 'GET /api/users?sort=-createdAt&limit=1&cursor={{usersCursor}}',
    description: 'A cursor is valid for the same filters and the same order only.',
    check: `
      pm.test('it has another user', () => {
        pm.expect(body.items[0].id).to.not.eql(pm.variables.get('listedUserId'));
      });
    `,
  },
  {
    name: 'The admin finds a user by a part of the name',
    call: 'GET /api/users?search={{username}}&role=user&status=active',
    description: 'A part of the email or of the username, in any case.',
    has: { 'items.*.id': ['{{userId}}'] },
  },
  { name: 'The admin reads a user', call: 'GET /api/users/{{userId}}', has: { email: '{{email}}' } },
];

const changing: Step[] = [
  {
    name: 'A username that another user has is refused',
    call: 'PATCH /api/users/{{userId}}',
    expect: '409 username_taken',
    description: 'Usernames that differ in case only are the same.',
    body: { username: '{{otherUsername}}' },
  },
  {
    name: 'The admin promotes a user',
    call: 'PATCH /api/users/{{otherId}}',
    description: 'Only the given fields change.',
    body: { role: 'admin' },
    has: { role: 'admin' },
  },
  {
    name: 'An access token with the earlier role has been revoked',
    call: 'GET /api/users/me',
    expect: '401 token_revoked',
    description: 'After a change of the role.',
    as: 'otherToken',
  },
  {
    name: 'A refresh gives an access token with the new role',
    call: 'POST /api/auth/refresh',
    description: 'The session goes on.',
    body: { refreshToken: '{{otherRefreshToken}}' },
    saveTokens: 'otherToken',
  },
  {
    name: 'The admin demotes the user',
    call: 'PATCH /api/users/{{otherId}}',
    description: 'The last active admin cannot be demoted (`last_admin`).',
    body: { role: 'user' },
    has: { role: 'user' },
  },
  {
    name: 'The admin ends all sessions of the user',
    call: 'DELETE /api/users/{{otherId}}/sessions',
    expect: '204',
    description: 'The account stays: the user can log in again.',
  },
  {
    name: 'The refresh token of a session that an admin has ended is refused',
    call: 'POST /api/auth/refresh',
    expect: '401 invalid_refresh_token',
    description: 'So is every access token of the session.',
    body: { refreshToken: '{{otherRefreshToken}}' },
  },
  {
    name: 'The admin deactivates an account',
    call: 'PATCH /api/users/{{otherId}}',
    description: 'The notes are kept.',
    body: { status: 'deactivated' },
    has: { status: 'deactivated' },
  },
  {
    name: 'A login to a deactivated account is refused',
    call: 'POST /api/auth/login',
    expect: '403 account_deactivated',
    description: 'Only a caller with the right password learns that the account is deactivated.',
    fields: { email: '{{otherEmail}}', password: '{{password}}' },
  },
  {
    name: 'The admin reactivates the account',
    call: 'PATCH /api/users/{{otherId}}',
    description: 'Notes and names are unchanged. Earlier access tokens stay revoked.',
    body: { status: 'active' },
    has: { status: 'active' },
  },
  {
    name: 'A revoked access token stays revoked',
    call: 'GET /api/users/me',
    expect: '401 token_revoked',
    description: 'The user has to log in again.',
    as: 'otherToken',
  },
];

const mails: Step[] = [
  {
    name: 'The admin lists the mails that wait or were refused',
    call: 'GET /api/auth/mails?total=true',
    description: 'Usually none: a mail waits while the mail server is unavailable.',
  },
  {
    name: 'A mail that was sent cannot be released',
    call: 'POST /api/auth/mails/{{unknownId}}/release',
    expect: '404 not_found',
    description: 'Sends a mail now that waits or was refused.',
  },
  {
    name: 'A mail that was sent cannot be dropped',
    call: 'DELETE /api/auth/mails/{{unknownId}}',
    expect: '404 not_found',
    description: 'Drops a mail that waits or was refused.',
  },
];

const deleting: Step[] = [
  {
    name: 'The admin deletes the other user',
    call: 'DELETE /api/users/{{otherId}}',
    description:
      'Erases profile, credentials, sessions and notes with trash and versions in all services. This cannot be undone.',
    has: { id: '{{otherId}}', 'removed.profile': 1, 'removed.credentials': 1, 'removed.notes': 1 },
    save: { completedAt: 'completedAt' },
  },
  {
    name: 'A repeated deletion gives the same receipt',
    call: 'DELETE /api/users/{{otherId}}',
    description: 'For 30 days.',
    has: { completedAt: '{{completedAt}}' },
  },
  {
    name: 'The admin reads the receipt',
    call: 'GET /api/users/deletions/{{otherId}}',
    description:
      'While a service is unavailable, `state` is `pending`, and DELETE answers 202 with this address.',
    has: { completedAt: '{{completedAt}}' },
  },
  {
    name: 'A deleted user is not found',
    call: 'GET /api/users/{{otherId}}',
    expect: '404 not_found',
    description: 'Email and username are available again.',
  },
];

export const admin: Folder = {
  name: '5 Admin',
  description:
    "What admins can do with other users' accounts. It needs `adminEmail` and `adminPassword` in the environment.",
  tags: ['Users'],
  isForAdmins: true,
  as: 'adminToken',
  steps: [...finding, ...changing, ...mails, ...deleting],
};
