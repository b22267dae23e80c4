import type { Reader } from '../database.ts';
import { toNote, type ReadNote } from '../notes/to-note.ts';
import { createExportRepository, type ExportedVersion } from './export.repository.ts';
import { createFileNames } from './file-names.ts';
import { writeMarkdown } from './markdown.ts';
import { atHalfSpeed } from './pace.ts';
import { inSlot, type TakeSlot } from './slots.ts';
import { lineLimits } from './transfer.schemas.ts';
import { zipOf } from './zip-writer.ts';

export interface ExportDependencies {
  exportDb: Reader;
  exportSlots: TakeSlot;
  /** The entries of a zip are in memory until its end. */
  zipSlots: TakeSlot;
}

export type ExportService = ReturnType<typeof createExportService>;

/** Exports the notes of a user outside the trash. Each export takes a slot while it is read. */
export function createExportService({ exportDb, exportSlots, zipSlots }: ExportDependencies) {
  const notes = createExportRepository(exportDb);

  async function* pages(userId: string): AsyncGenerator<ReadNote[]> {
    const read = (after: string | undefined) => atHalfSpeed(() => notes.page(userId, after));
    let page = await read(undefined);
    for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
      yield page;
      page = await read(last.id);
    }
  }

  async function* lines(userId: string, withVersions: boolean): AsyncGenerator<string> {
    for await (const page of pages(userId)) {
      if (!withVersions) yield page.map((row) => line(toNote(row))).join('');
      else
        for (const row of page) {
          const versions = row.version === 1 ? [] : await notes.versions(userId, row);
          yield lineWithVersions(toNote(row), versions.map(toVersion));
        }
    }
  }

  async function* files(userId: string) {
    const nameOf = createFileNames();
    for await (const page of pages(userId))
      for (const row of page)
        yield { name: nameOf(row), text: writeMarkdown(toNote(row)), modifiedAt: new Date(row.updatedAt) };
  }

  return {
    ndjson: (userId: string, { versions }: { versions: boolean }) =>
      inSlot(() => exportSlots(userId), lines(userId, versions)),
    zip: (userId: string) =>
      inSlot(
        () => exportSlots(userId),
        inSlot(() => zipSlots(userId), zipOf(files(userId))),
      ),
  };
}

const line = (value: object) => `${JSON.stringify(value)}\n`;

/** The line of a note with its newest versions, as many as the line may have. */
function lineWithVersions(note: object, versions: object[]): string {
  let bytes = Buffer.byteLength(line({ ...note, versions: [] }));
  const kept = versions.filter((version) => (bytes += Buffer.byteLength(line(version))) <= lineLimits.bytes);
  return line({ ...note, versions: kept });
}

const toVersion = ({ title, content, tags, ...version }: ExportedVersion) => ({
  ...version,
  ...(title !== null && { title }),
  ...(content !== null && { content }),
  ...(tags !== null && { tags }),
});
