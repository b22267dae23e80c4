import { Prisma } from '../../generated/prisma/client.ts';
import type { Reader } from '../database.ts';
import { withinBytes } from '../notes/note-page.sql.ts';
import type { ReadNote } from '../notes/to-note.ts';
import { lineLimits } from './transfer.schemas.ts';

export interface ExportedVersion {
  version: number;
  /** Null in `title`, `content` and `tags` means the value of the next newer version. */
  title: string | null;
  content: string | null;
  tags: string[] | null;
  pinned: boolean;
  archived: boolean;
  createdAt: string;
}

const [pageNotes, pageBytes] = [100, 98_304];
const byId = Prisma.sql`order by id`;

export const createExportRepository = (db: Reader) => ({
  /** Reads the notes after an id, or all of them, in the order of their ids. */
  page: (userId: string, after: string | undefined): Promise<ReadNote[]> =>
    db.read<ReadNote>(
      withinBytes(
        Prisma.sql`
          select * from notes where user_id = ${userId}::uuid and deleted_at is null
            ${after === undefined ? Prisma.empty : Prisma.sql`and id > ${after}::uuid`}
          ${byId} limit ${pageNotes}`,
        byId,
        undefined,
        pageBytes,
      ),
    ),

  /** Reads the earlier versions of a note as they are stored, the newest first: as many as a line may have. */
  versions: (userId: string, { id, version }: { id: string; version: number }): Promise<ExportedVersion[]> =>
    db.read<ExportedVersion>(Prisma.sql`
      select version, title, content, tags, pinned, archived, created_at as "createdAt"
      from (
        select *, sum(bytes) over (order by version desc) as total
        from note_versions where user_id = ${userId}::uuid and note_id = ${id}::uuid and version < ${version}
      ) as kept
      where total <= ${lineLimits.bytes} order by version desc limit ${lineLimits.versions}`),
});
