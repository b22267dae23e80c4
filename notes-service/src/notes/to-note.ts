import type { Note as NoteRow } from '../../generated/prisma/client.ts';

/** A row of `notes` as the API shows it. Columns that the API adds to a row are kept. */
export const toNote = <Row extends NoteRow>(row: Row) => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  deletedAt: null,
});
