import { randomUUIDv7 } from 'node:crypto';
import { bytesOf } from '../notes/notes.repository.ts';
import type { Limits } from '../owners/limits.ts';
import type { NewRow, NewVersion } from './import.repository.ts';
import type { ImportNote } from './transfer.schemas.ts';

/** Completes a note of an import. Of its earlier versions, the newest ones are kept. */
export function newRow(note: ImportNote, { now, limits }: { now: Date; limits: Limits }): NewRow {
  const { id = randomUUIDv7(), title, content, tags, pinned, archived } = note;
  const earlier = note.versions.toSorted((a, b) => b.version - a.version);
  const { version = (earlier[0]?.version ?? 0) + 1 } = note;
  const createdAt = note.createdAt ?? note.updatedAt ?? now;
  const updatedAt = note.updatedAt ?? createdAt;
  const versions = earlier.slice(0, limits.versionsPerNote).map((each): NewVersion => {
    const texts = { title: each.title ?? null, content: each.content ?? null, tags: each.tags ?? null };
    const bytes = bytesOf({
      title: texts.title ?? '',
      content: texts.content ?? '',
      tags: texts.tags ?? [],
    });
    return {
      ...texts,
      version: each.version,
      pinned: each.pinned,
      archived: each.archived,
      createdAt: each.createdAt,
      bytes,
    };
  });
  return { id, title, content, tags, pinned, archived, version, createdAt, updatedAt, versions };
}
