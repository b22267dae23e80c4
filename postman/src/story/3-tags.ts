import type { Folder } from '../collection/story.ts';

export const tags: Folder = {
  name: 'Tags',
  description: 'A tag is renamed, merged with another one and removed, each time in all notes.',
  steps: [
    {
      name: 'The tags and the numbers of their notes',
      call: 'GET /api/notes/tags',
      has: { 'items.*.tag': ['home', 'kitchen'], 'items.*.count': [1, 1] },
    },
    {
      name: 'A tag is renamed',
      call: 'PATCH /api/notes/tags/{{tag}}',
      body: { name: 'Rooms/Kitchen' },
      has: { changed: 1 },
    },
    {
      name: 'A tag is merged with another one',
      call: 'PATCH /api/notes/tags/{{tagWithSlash}}',
      description: 'A note that has both tags keeps one. A slash is sent as `%2F`.',
      body: { name: 'home' },
      has: { changed: 1 },
    },
    {
      name: 'The note has the tag once, and a version for each change',
      call: 'GET /api/notes/{{pinnedNoteId}}',
      has: { tags: ['home'], version: 3 },
    },
    {
      name: 'A tag is removed from all notes',
      call: 'DELETE /api/notes/tags/{{mergedTag}}',
      has: { changed: 1 },
    },
    {
      name: 'A tag that no note has changes nothing',
      call: 'PATCH /api/notes/tags/{{mergedTag}}',
      has: { changed: 0 },
    },
  ],
};
