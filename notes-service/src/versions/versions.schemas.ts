import { listQuery, pageOf } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { exampleNote, Note, NoteParams } from '../notes/notes.schemas.ts';

export const ListVersions = listQuery({});
export type VersionQuery = z.output<typeof ListVersions>;

export const maxVersion = 2_147_483_647;
export const VersionParams = NoteParams.extend({
  version: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .transform(Number)
    .pipe(z.int().max(maxVersion))
    .meta({ type: 'integer', minimum: 1, maximum: maxVersion, pattern: undefined, examples: [3] }),
});

const { id, title, content, tags, pinned, archived, version } = Note.shape;
const createdAt = z.iso.datetime().meta({ description: 'When the version was made.' });
const exampleVersion = { version: 1, title: 'Shopping', createdAt: exampleNote.createdAt };

export const VersionPage = pageOf('VersionPage', z.object({ version, title, createdAt }), [exampleVersion]);

export const Version = z.object({ id, version, title, content, tags, pinned, archived, createdAt }).meta({
  id: 'Version',
  examples: [
    {
      ...exampleVersion,
      id: exampleNote.id,
      content: 'Milk',
      tags: ['home'],
      pinned: false,
      archived: false,
    },
  ],
});
