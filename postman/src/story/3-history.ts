import type { Folder } from '../collection/story.ts';

export const history: Folder = {
  name: 'Trash and versions',
  description:
    'A deleted note comes back from the trash, and an earlier version of it becomes the current one.',
  steps: [
    {
      name: 'The deleted note is in the trash',
      call: 'GET /api/notes/trash?total=true',
      has: { 'items.*.id': ['{{noteId}}'], 'page.total': 1 },
    },
    {
      name: 'A note in the trash is restored',
      call: 'POST /api/notes/{{noteId}}/restore',
      has: { content: 'Milk, bread, butter', deletedAt: null },
      save: { noteETag: 'header:ETag' },
    },
    {
      name: 'Every change has kept the version before it',
      call: 'GET /api/notes/{{noteId}}/versions',
      has: { 'items.*.version': [4, 3, 2, 1] },
    },
    {
      name: 'An earlier version is read',
      call: 'GET /api/notes/{{noteId}}/versions/{{firstVersion}}',
      has: { version: 1, content: 'Milk, bread' },
    },
    {
      name: 'An earlier version becomes the current one',
      call: 'POST /api/notes/{{noteId}}/versions/{{firstVersion}}/restore',
      description: 'This is a new version, so the text before it is kept.',
      headers: { 'If-Match': '{{noteETag}}' },
      has: { version: 5, content: 'Milk, bread' },
    },
    {
      name: 'A version that does not exist is not found',
      call: 'GET /api/notes/{{noteId}}/versions/{{unknownVersion}}',
      description: 'The answer is the same for a note that does not exist.',
      expect: '404 not_found',
    },
    { name: 'The note is deleted again', call: 'DELETE /api/notes/{{noteId}}' },
    {
      name: 'The trash is emptied',
      call: 'DELETE /api/notes/trash',
      description: 'The notes are destroyed with their versions.',
      has: { destroyed: 1 },
    },
    {
      name: 'A destroyed note cannot be restored',
      call: 'POST /api/notes/{{noteId}}/restore',
      expect: '404 not_found',
    },
    {
      name: 'What is stored, and the limits',
      call: 'GET /api/notes/usage',
      has: { notes: 2, trashed: 0, versions: 0 },
    },
    {
      name: 'A batch creates several notes',
      call: 'POST /api/notes/batch',
      description: 'Each operation has its own result, so the invalid note does not affect the other one.',
      body: {
        operations: [
          { op: 'create', note: { title: 'Packing list' } },
          { op: 'create', note: { title: '' } },
        ],
      },
      has: { 'results.*.status': [201, 400] },
      save: { batchNoteId: 'results.0.body.id' },
    },
    {
      name: 'An atomic batch changes all of its notes or none',
      call: 'POST /api/notes/batch',
      expect: '404 not_found',
      description: 'The problem has the position of the first refused operation.',
      body: {
        atomic: true,
        operations: [
          { op: 'delete', id: '{{batchNoteId}}', ifMatch: 1, permanent: true },
          { op: 'delete', id: '{{unknownId}}' },
        ],
      },
      has: { index: 1 },
    },
    {
      name: 'A batch destroys a note',
      call: 'POST /api/notes/batch',
      body: { operations: [{ op: 'delete', id: '{{batchNoteId}}', ifMatch: 1, permanent: true }] },
      has: { 'results.*.status': [204] },
    },
  ],
};
