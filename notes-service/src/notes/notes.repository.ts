import type { Note, Prisma } from '../../generated/prisma/client.ts';
import type { OwnerWrite, Transaction } from '../owners/owner-writes.ts';
import { versionsBeside, type Usage } from '../owners/limits.ts';

/** The columns that a change may set. */
export type NoteColumns = Pick<
  Note,
  'title' | 'content' | 'tags' | 'pinned' | 'archived' | 'updatedAt' | 'deletedAt'
>;

type Texts = Pick<Note, 'title' | 'content' | 'tags'>;

const key = (userId: string, id: string) => ({ userId_id: { userId, id } });

/** Finds a note, also in the trash. */
export const findNote = (db: Transaction, userId: string, id: string): Promise<Note | null> =>
  db.note.findUnique({ where: key(userId, id) });

export type NotesRepository = ReturnType<typeof createNotesRepository>;

/** Writes notes of one owner, and counts what the owner has stored. */
export const createNotesRepository = (write: OwnerWrite) => {
  const { db, userId, rev, now, limits, usage } = write;
  return {
    find: (id: string) => findNote(db, userId, id),

    insert(columns: Omit<NoteColumns, 'deletedAt'>): Promise<Note> {
      usage.add({ notes: 1, bytes: bytesOf(columns) });
      return db.note.create({
        data: { ...columns, userId, version: 1, createdAt: columns.updatedAt, changedAt: now, rev },
      });
    },

    /** Changes a note, and keeps the version before the change. */
    async change(before: Note, columns: Partial<NoteColumns>): Promise<Note> {
      const after = { ...before, ...columns };
      const kept = limits.versionsPerNote > 0 ? earlierVersion(before, after) : undefined;
      const removed = await oldestVersions(write, before);
      const trashed = Number(after.deletedAt !== null) - Number(before.deletedAt !== null);
      usage.add({
        notes: -trashed,
        trashed,
        versions: (kept === undefined ? 0 : 1) - removed.versions,
        bytes: bytesOf(after) - bytesOf(before) + (kept?.bytes ?? 0) - removed.bytes,
      });
      if (removed.versions > 0) await deleteVersions(write, before.id, removed.upTo);
      if (kept !== undefined) await insertVersion(write, kept);
      return db.note.update({
        where: key(userId, before.id),
        data: { ...columns, version: { increment: 1 }, changedAt: now, rev },
      });
    },

    /** Destroys notes with their versions, and leaves a tombstone of each. Returns how many there were. */
    async destroy(which: Prisma.Sql): Promise<number> {
      const [gone] = await db.$queryRaw<[Usage]>`
        with gone as (
          delete from notes where user_id = ${userId}::uuid and ${which}
          returning id, version, deleted_at, notes_bytes(title, content, tags) as bytes
        ), versions as (
          delete from note_versions using gone where user_id = ${userId}::uuid and note_id = gone.id
          returning note_versions.bytes
        ), tombstones as (
          insert into destroyed_notes (user_id, id, version, rev, destroyed_at)
          select ${userId}::uuid, id, version, ${rev}, ${now} from gone
          on conflict (user_id, id) do update
            set version = excluded.version, rev = excluded.rev, destroyed_at = excluded.destroyed_at
        )
        select count(*) filter (where deleted_at is null)::int as notes, count(deleted_at)::int as trashed,
          (select count(*) from versions)::int as versions,
          (coalesce(sum(bytes), 0) + (select coalesce(sum(bytes), 0) from versions))::float8 as bytes
        from gone`;
      const { notes, trashed, versions, bytes } = gone;
      usage.add({ notes: -notes, trashed: -trashed, versions: -versions, bytes: -bytes });
      return notes + trashed;
    },
  };
};

interface OldestVersions {
  upTo: number;
  versions: number;
  bytes: number;
}

/** The versions of a note that the next one leaves no room for. They are counted: after an import, numbers may be missing. */
async function oldestVersions(
  { db, userId, limits }: OwnerWrite,
  { id, version }: Note,
): Promise<OldestVersions> {
  // Versions begin at 1.
  if (version <= limits.versionsPerNote) return { upTo: 0, versions: 0, bytes: 0 };
  const [oldest] = await db.$queryRaw<[OldestVersions]>`
    select coalesce(max(version), 0) as "upTo", count(*)::int as versions, coalesce(sum(bytes), 0)::float8 as bytes
    from (
      select version, bytes from note_versions where user_id = ${userId}::uuid and note_id = ${id}::uuid
      order by version desc offset ${versionsBeside(limits)}
    ) as oldest`;
  return oldest;
}

const deleteVersions = ({ db, userId }: OwnerWrite, noteId: string, upTo: number) =>
  db.noteVersion.deleteMany({ where: { userId, noteId, version: { lte: upTo } } });

/** The version before a change, without the texts that the next one has too. */
function earlierVersion(before: Note, after: Note) {
  const { id, version, pinned, archived } = before;
  const title = before.title === after.title ? null : before.title;
  const content = before.content === after.content ? null : before.content;
  const tags = isSame(before.tags, after.tags) ? null : before.tags;
  const bytes = bytesOf({ title: title ?? '', content: content ?? '', tags: tags ?? [] });
  const createdAt = before.changedAt ?? before.updatedAt;
  return { id, version, title, content, tags, pinned, archived, createdAt, bytes };
}

// Prisma cannot insert a list that is null.
const insertVersion = ({ db, userId }: OwnerWrite, kept: ReturnType<typeof earlierVersion>) =>
  db.$executeRaw`
    insert into note_versions (user_id, note_id, version, title, content, tags, pinned, archived, created_at, bytes)
    values (${userId}::uuid, ${kept.id}::uuid, ${kept.version}, ${kept.title}, ${kept.content}, ${kept.tags}::text[],
      ${kept.pinned}, ${kept.archived}, ${kept.createdAt}, ${kept.bytes})`;

const isSame = (a: string[], b: string[]) =>
  a.length === b.length && a.every((tag, index) => tag === b[index]);

/** The storage that texts take, as the function `notes_bytes` of the database counts it. */
export const bytesOf = ({ title, content, tags }: Texts): number =>
  Buffer.byteLength(title) + Buffer.byteLength(content) + Buffer.byteLength(tags.join(''));
