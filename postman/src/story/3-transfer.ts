import type { Folder } from '../collection/story.ts';

const ndjson = { 'Content-Type': 'application/x-ndjson' };
const lines = `{"title":"Imported","tags":["old"],"createdAt":"2020-01-01T00:00:00Z","updatedAt":"2020-01-02T00:00:00Z"}
not a note`;

export const transfer: Folder = {
  name: 'Import and export',
  description: 'Notes leave the system as a file and come back from one.',
  steps: [
    {
      name: 'A file of notes is imported',
      call: 'POST /api/notes/import',
      description: 'A line that is no note is named, and keeps no other line from being imported.',
      headers: ndjson,
      text: lines,
      has: {
        imported: 1,
        skipped: 0,
        failedCount: 1,
        'failed.*.line': [2],
        'failed.*.code': ['malformed_json'],
      },
    },
    {
      name: 'The same file imports nothing twice',
      call: 'POST /api/notes/import',
      headers: ndjson,
      text: lines,
      has: { imported: 0, skipped: 1 },
    },
    {
      name: 'All notes are exported',
      call: 'GET /api/notes/export',
      description:
        'Each line is a note. `format=zip` exports Markdown files, and `versions=true` the history.',
      has: { 'header:Content-Type': 'application/x-ndjson' },
    },
  ],
};
