import type { Story } from '../collection/story.ts';
import { system } from './1-system.ts';
import { newUser } from './2-new-user.ts';
import { notes } from './3-notes.ts';
import { passwordAndEmail } from './4-password-and-email.ts';
import { admin } from './5-admin.ts';
import { refusals } from './6-refusals.ts';
import { leaving } from './7-leaving.ts';

export const story: Story = {
  name: 'polyglot-notes',
  description:
    'Every operation of the API, to run from top to bottom: each request saves what later ones need. First choose an environment: it has the address of the system and the admin. The last folder deletes what the run created.',
  pathVariables: {
    '/api/notes/{id}': 'pinnedNoteId',
    '/api/notes/{id}/versions/{version}': 'firstVersion',
    '/api/notes/tags/{tag}': 'tag',
    '/api/users/{id}': 'userId',
    '/api/users/deliveries/{id}': 'userId',
    '/api/auth/deliveries/{id}': 'userId',
  },
  // A mail waits only while the mail server is unavailable.
  withoutSuccess: ['POST /api/auth/mails/{id}/release', 'DELETE /api/auth/mails/{id}'],
  constants: {
    unknownId: '00000000-0000-4000-8000-000000000000',
    firstVersion: '1',
    unknownVersion: '99',
    tag: 'kitchen',
    tagWithSlash: 'rooms%2Fkitchen',
    mergedTag: 'home',
  },
  folders: [system, newUser, notes, passwordAndEmail, admin, refusals, leaving],
};
