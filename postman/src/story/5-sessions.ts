import type { Folder } from '../collection/story.ts';

const logIn = {
  call: 'POST /api/auth/login',
  fields: { email: '{{email}}', password: '{{resetPassword}}' },
};

export const sessions: Folder = {
  name: '5 Sessions',
  description: 'The user stays logged in without the password, sees where, and logs out.',
  tags: ['Auth'],
  steps: [
    {
      ...logIn,
      name: 'The user logs in on a phone',
      description: 'Every login is a session of its own.',
      save: { phoneToken: 'accessToken', phoneRefreshToken: 'refreshToken' },
    },
    {
      name: 'The phone exchanges its refresh token for new tokens',
      call: 'POST /api/auth/refresh',
      fields: { refreshToken: '{{phoneRefreshToken}}' },
      save: { phoneToken: 'accessToken', phoneNextRefreshToken: 'refreshToken' },
    },
    {
      name: 'The same refresh token again returns the current one',
      call: 'POST /api/auth/refresh',
      description: 'For some seconds, for a client that lost the answer. Later, it would end the session.',
      fields: { refreshToken: '{{phoneRefreshToken}}' },
      has: { refreshToken: '{{phoneNextRefreshToken}}' },
    },
    {
      name: 'The user sees where the account is logged in',
      call: 'GET /api/auth/sessions?limit=1',
      description: 'The latest login first. `current` marks the session of the request.',
      has: { 'items.*.current': [false] },
      save: { sessionId: 'items.0.id' },
    },
    {
      name: 'The user ends the session of the phone',
      call: 'DELETE /api/auth/sessions/{{sessionId}}',
      description: 'At once: also the access token of the phone is refused.',
    },
    {
      name: 'The access token of the phone has been revoked',
      call: 'GET /api/users/me',
      expect: '401 token_revoked',
      as: 'phoneToken',
    },
    {
      name: 'The refresh token of the phone as well',
      call: 'POST /api/auth/refresh',
      expect: '401 invalid_refresh_token',
      fields: { refreshToken: '{{phoneNextRefreshToken}}' },
    },
    {
      name: 'The user logs out',
      call: 'POST /api/auth/logout',
      description: 'This session alone. A refresh token in the body instead of an access token does as well.',
      body: {},
    },
    { ...logIn, name: 'The user logs in again', save: { token: 'accessToken' } },
    {
      name: 'The user logs out everywhere',
      call: 'POST /api/auth/logout-all',
      description: 'All sessions of the account end.',
      body: {},
    },
    { ...logIn, name: 'The user logs in for the rest of the run', save: { token: 'accessToken' } },
  ],
};
