import { listQuery, pageOf } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { exampleNote, Note } from '../notes/notes.schemas.ts';

export const ListTrash = listQuery({});
export type TrashQuery = z.output<typeof ListTrash>;

export const TrashPage = pageOf('TrashPage', Note, [
  { ...exampleNote, version: 2, deletedAt: '2026-11-25T08:00:00.000Z' },
]);

export const Destroyed = z
  .object({ destroyed: z.int().min(0) })
  .meta({ id: 'Destroyed', examples: [{ destroyed: 3 }] });
