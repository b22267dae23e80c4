import type { Folder } from '../collection/story.ts';

export const sessions: Folder = {
  name: 'Sessions',
  description: 'The user is logged in twice: since the registration, on a phone, and since the login.',
  steps: [
    {
      name: 'The phone exchanges its refresh token for new tokens',
      call: 'POST /api/auth/refresh',
      description:
        'No password is needed. The collection does this by itself, before a request whose access token is about to expire.',
      body: { refreshToken: '{{phoneRefreshToken}}' },
      saveTokens: 'phoneToken',
    },
    {
      name: 'The user sees where the account is logged in',
      call: 'GET /api/auth/sessions',
      description: 'The latest login first. `current` marks the session of the request.',
      has: { 'items.*.current': [true, false] },
      save: { sessionId: 'items[1].id' },
    },
    {
      name: 'The user ends the session of the phone',
      call: 'DELETE /api/auth/sessions/{{sessionId}}',
      description: 'As if the phone were lost.',
    },
    {
      name: 'The user reads what was done to the account',
      call: 'GET /api/auth/events?limit=2',
      as: 'token',
      description: 'The newest event first, with the time, the address and the user agent.',
      has: { 'items[0].type': 'session_ended', 'items[0].userId': '{{userId}}' },
    },
    {
      name: 'The access token of the phone has been revoked',
      call: 'GET /api/users/me',
      expect: '401 token_revoked',
      description: 'Although it has not expired.',
      as: 'phoneToken',
    },
    {
      name: 'The refresh token of the phone is refused',
      call: 'POST /api/auth/refresh',
      expect: '401 invalid_refresh_token',
      description: 'The user has to log in again.',
      body: { refreshToken: '{{phoneRefreshToken}}' },
    },
  ],
};
