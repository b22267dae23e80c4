import type { Folder } from '../collection/story.ts';

export const changes: Folder = {
  name: 'Changes',
  description: 'A client that keeps copies of the notes reads what has changed since its last request.',
  steps: [
    {
      name: 'A note for two devices is created',
      call: 'POST /api/notes',
      body: { title: 'Packing list', content: 'Tent' },
      save: { syncedNoteId: 'id' },
    },
    {
      name: 'A device reads all notes and a cursor',
      call: 'GET /api/notes/changes?limit=100',
      description: 'The note that changed last comes last. Store the cursor together with the notes.',
      has: { 'items.2.note.title': 'Packing list', 'page.hasMore': false },
      save: { changesCursor: 'page.nextCursor' },
    },
    {
      name: 'Another device changes the note',
      call: 'PATCH /api/notes/{{syncedNoteId}}',
      body: { content: 'Tent, stove' },
    },
    {
      name: 'The first device reads the change',
      call: 'GET /api/notes/changes?since={{changesCursor}}&wait=5',
      description: 'With `wait`, the answer comes as soon as there is a change.',
      has: { 'items.*.type': ['note'], 'items.0.note.content': 'Tent, stove' },
      save: { changesCursor: 'page.nextCursor' },
    },
    { name: 'Another device destroys the note', call: 'DELETE /api/notes/{{syncedNoteId}}?permanent=true' },
    {
      name: 'The first device learns that the note is gone',
      call: 'GET /api/notes/changes?since={{changesCursor}}',
      has: { 'items.*.type': ['destroyed'], 'items.*.id': ['{{syncedNoteId}}'] },
    },
    {
      name: 'A cursor that is none is refused',
      call: 'GET /api/notes/changes?since=x',
      expect: '400 invalid_cursor',
    },
  ],
};
