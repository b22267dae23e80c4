import type { Note } from '../../generated/prisma/client.ts';

/** The columns of a note that the API shows. */
export type NoteRow = Omit<Note, 'changedAt' | 'rev' | 'userId'>;

/** A row of `notes` as the API shows it. */
export const toNote = ({ createdAt, updatedAt, deletedAt, ...row }: NoteRow) => ({
  id: row.id,
  title: row.title,
  content: row.content,
  tags: row.tags,
  pinned: row.pinned,
  archived: row.archived,
  version: row.version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
  deletedAt: deletedAt?.toISOString() ?? null,
});
