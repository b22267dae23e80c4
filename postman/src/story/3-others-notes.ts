import type { Folder } from '../collection/story.ts';

const likeMissing = 'The response is the same as for a note that does not exist.';

export const othersNotes: Folder = {
  name: "Another user's notes",
  description: 'Another user registers. For them, the notes of the first user do not exist.',
  as: 'otherToken',
  steps: [
    {
      name: 'Another user registers without a username',
      call: 'POST /api/auth/register',
      description: 'auth-service derives a username from the email.',
      before: `
        const unique = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
        pm.collectionVariables.set('otherEmail', \`other-\${unique}@example.com\`);
      `,
      body: { email: '{{otherEmail}}', password: '{{password}}' },
      check: `
        pm.test('the user has a username', () => {
          pm.expect(body.user.username).to.be.a('string').that.matches(/^[A-Za-z0-9_.-]{3,30}$/);
        });
      `,
      save: { otherId: 'user.id', otherUsername: 'user.username' },
      saveTokens: 'otherToken',
    },
    {
      name: "Another user's note cannot be read",
      call: 'GET /api/notes/{{pinnedNoteId}}',
      expect: '404 not_found',
      description: likeMissing,
    },
    {
      name: "Another user's note cannot be changed",
      call: 'PATCH /api/notes/{{pinnedNoteId}}',
      expect: '404 not_found',
      description: likeMissing,
      body: { title: 'Stolen' },
    },
    {
      name: "Another user's note cannot be deleted",
      call: 'DELETE /api/notes/{{pinnedNoteId}}',
      expect: '404 not_found',
      description: likeMissing,
    },
    {
      name: "No list contains another user's notes",
      call: 'GET /api/notes?archived=any',
      description: 'Users see their own notes only.',
      has: { 'items.*.title': [] },
    },
    {
      name: 'The other user creates a note',
      call: 'POST /api/notes',
      description: 'It is erased later, together with the user.',
      body: { title: 'Mine' },
    },
    {
      name: 'The note of the first user has not changed',
      call: 'GET /api/notes/{{pinnedNoteId}}',
      description: 'With the access token of the first user.',
      as: 'token',
      has: { title: 'Untitled', content: 'Crème brûlée' },
    },
  ],
};
