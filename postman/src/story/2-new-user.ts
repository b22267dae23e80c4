import type { Folder } from '../collection/story.ts';
import { sessions } from './2-sessions.ts';

export const newUser: Folder = {
  name: '2 New user',
  description:
    'A new user registers, logs in and edits their profile. Every run creates a new user, so you can run it many times.',
  steps: [
    {
      name: 'A user registers',
      call: 'POST /api/auth/register',
      description: 'As on a phone. The response has the profile and the tokens of a session.',
      before: `
        // A new user with random passwords, which nobody knows after the run.
        const unique = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
        pm.collectionVariables.set('username', \`qa-\${unique}\`);
        pm.collectionVariables.set('email', \`qa-\${unique}@example.com\`);
        pm.collectionVariables.set('password', \`analytical engine \${unique}\`);
        pm.collectionVariables.set('changedPassword', \`difference engine \${unique}\`);
        pm.collectionVariables.set('resetPassword', \`jacquard loom \${unique}\`);
      `,
      fields: { email: '{{email}}', password: '{{password}}', username: '{{username}}' },
      has: {
        'user.email': '{{email}}',
        'user.username': '{{username}}',
        'user.role': 'user',
        'user.status': 'active',
      },
      save: { userId: 'user.id' },
      saveTokens: 'phoneToken',
    },
    {
      name: 'A second registration with the same email is refused',
      call: 'POST /api/auth/register',
      expect: '409 email_taken',
      description: 'A username that is in use is refused with `username_taken`.',
      body: { email: '{{email}}', password: '{{password}}' },
    },
    {
      name: 'The user logs in',
      call: 'POST /api/auth/login',
      description: 'A second session, whose access token the next requests use.',
      fields: { email: '{{email}}', password: '{{password}}' },
      has: { 'user.id': '{{userId}}', 'user.email': '{{email}}', 'user.role': 'user' },
      saveTokens: 'token',
    },
    sessions,
    {
      name: 'The user reads their profile',
      call: 'GET /api/users/me',
      description: 'The access token identifies the user.',
      has: { id: '{{userId}}' },
    },
    {
      name: 'The user changes bio and avatar',
      call: 'PATCH /api/users/update-me',
      description: 'Only the given fields change.',
      body: { bio: 'Writes things down', avatar: 'https://example.com/ada.png' },
      has: { bio: 'Writes things down', avatar: 'https://example.com/ada.png', username: '{{username}}' },
    },
    {
      name: 'The user clears the avatar',
      call: 'PATCH /api/users/update-me',
      description: '`null` clears the bio or the avatar.',
      body: { avatar: null },
      has: { bio: 'Writes things down', avatar: null },
    },
    {
      name: 'A password change with a wrong current password is refused',
      call: 'PATCH /api/auth/update-password',
      expect: '401 invalid_credentials',
      description: 'An access token alone does not suffice.',
      fields: { currentPassword: 'a wrong one', newPassword: '{{changedPassword}}' },
    },
    {
      name: 'The user changes the password',
      call: 'PATCH /api/auth/update-password',
      description:
        'All other sessions end. All earlier access tokens are revoked; the response has new tokens.',
      fields: { currentPassword: '{{password}}', newPassword: '{{changedPassword}}' },
      saveTokens: 'token',
    },
  ],
};
