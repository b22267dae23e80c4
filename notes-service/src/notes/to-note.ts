import type { Note } from '../../generated/prisma/client.ts';

/** The columns of a note that the API shows. */
export type NoteRow = Omit<Note, 'changedAt' | 'rev' | 'userId'>;

/** A note as a reader returns it, with times as ISO 8601 text. */
export type ReadNote = Omit<NoteRow, 'createdAt' | 'updatedAt' | 'deletedAt'> & {
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
};

export const timeText = (time: Date | string) => (typeof time === 'string' ? time : time.toISOString());

/** A row of `notes` as the API shows it. */
export const toNote = (row: NoteRow | ReadNote) => ({
  id: row.id,
  title: row.title,
  content: row.content,
  tags: row.tags,
  pinned: row.pinned,
  archived: row.archived,
  version: row.version,
  createdAt: timeText(row.createdAt),
  updatedAt: timeText(row.updatedAt),
  deletedAt: row.deletedAt && timeText(row.deletedAt),
});
