import { problems, route, stream, type Route, type StreamedBody } from '@polyglot-notes/service-kit';
import { arriving } from './arriving.ts';
import {
  idempotencyHeaders,
  idempotencyKeyReused,
  keyedRequest,
  replayedHeader,
} from '../idempotency/idempotency.ts';
import { storageLimitReached } from '../owners/limits.ts';
import { candidatesOfLines, candidatesOfZip } from './candidates.ts';
import { createExportService, type ExportDependencies, type ExportService } from './export.service.ts';
import { createImport, type ImportDependencies, type ImportNotes } from './import.service.ts';
import { waitForSlot, type TakeSlot } from './slots.ts';
import { fillSpool, openSpool, readSpool } from './spool.ts';
import { ExportQuery, ImportResult } from './transfer.schemas.ts';
import { invalidArchive } from './zip-reader.ts';

const tag = 'Import and export';
const ndjson = 'application/x-ndjson';
const zip = 'application/zip';
// How long an import waits for its slot.
const waitMs = 60_000;

export interface TransferDependencies extends ExportDependencies, ImportDependencies {
  /** For the time of a whole import, its upload included. */
  importBodySlots: TakeSlot;
  /** For the time in which notes are stored. */
  importSlots: TakeSlot;
  importMaxBytes: number;
  clock: () => Date;
}

export function transferRoutes(dependencies: TransferDependencies): Route[] {
  const { clock } = dependencies;
  return [
    exportNotes(createExportService(dependencies), clock),
    importNotes(createImport(dependencies), dependencies),
  ];
}

const exportNotes = (exports: ExportService, clock: () => Date) =>
  route({
    method: 'get',
    path: '/api/notes/export',
    tag,
    summary: 'Export all notes',
    description:
      'All notes outside the trash, archived ones too, in no particular order. A zip has a Markdown file with YAML front matter for each note. If the export fails in the middle, the connection ends without the end of the body. One export of a user runs at a time.',
    access: 'user',
    timeout: 'long',
    query: ExportQuery,
    responses: {
      200: {
        description: 'The notes',
        stream: { contentTypes: [ndjson, zip] },
        headers: { 'Content-Disposition': 'The name for the file.' },
      },
    },
    problems: [problems.tokenRevoked],
    handler: async ({ user, query: { format, versions } }) => {
      const name = `notes-${clock().toISOString().slice(0, 10)}.${format}`;
      return {
        status: 200,
        headers: { 'Content-Disposition': `attachment; filename="${name}"` },
        ...(format === 'zip'
          ? { contentType: zip, stream: exports.zip(user.id) }
          : { contentType: ndjson, stream: exports.ndjson(user.id, { versions }) }),
      };
    },
  });

const importNotes = (importInto: ImportNotes, slots: TransferDependencies) =>
  route({
    method: 'post',
    path: '/api/notes/import',
    tag,
    summary: 'Import notes',
    description:
      'A body of NDJSON has a note per line: an object with the fields of a note, all of them optional except a title or a content. A body of a zip archive has Markdown files, from an export or from Obsidian, Joplin or Notion; other entries are ignored. Each note is imported, or skipped because the user has it already (the same id, also in the trash, or the same texts and times), or named as failed. Notes are stored in chunks, so a call that ends early has stored whole notes. A repeat skips the notes that have an id or both times. It imports all others again unless both calls have the same Idempotency-Key. One import of a user runs at a time; one with a key waits up to a minute for the one before.',
    access: 'user',
    timeout: 'long',
    body: stream({ contentTypes: [ndjson, zip], limitBytes: () => slots.importMaxBytes }),
    requestHeaders: idempotencyHeaders,
    responses: {
      200: { description: 'What became of each note', schema: ImportResult, optionalHeaders: replayedHeader },
    },
    problems: [
      problems.validationFailed,
      problems.tokenRevoked,
      invalidArchive,
      idempotencyKeyReused,
      storageLimitReached,
    ],
    handler: async ({ user, body, header, signal, showLife }) => {
      const take = () => slots.importBodySlots(user.id);
      const hasKey = header('Idempotency-Key') !== undefined;
      const release = hasKey ? await waitForSlot(take, { waitMs, signal }) : take();
      const call = { userId: user.id, body, header, signal, showLife };
      return withSlot(release, () => importBody(importInto, call, () => slots.importSlots(user.id)));
    },
  });

interface ImportCall {
  userId: string;
  body: StreamedBody;
  header: (name: string) => string | undefined;
  signal: AbortSignal;
  showLife: () => void;
}

/**
 * Reads NDJSON as it arrives. An archive, or a body whose fingerprint must be known because of an idempotency key, is
 * stored in a temporary file first.
 */
async function importBody(
  importInto: ImportNotes,
  { userId, body: { contentType, stream: body }, header, signal, showLife }: ImportCall,
  takeSlot: () => () => void,
) {
  const source = arriving(body);
  const requestWith = (digest: string) =>
    keyedRequest(header, { method: 'POST', path: '/api/notes/import', body: { contentType, digest } });
  const hasKey = requestWith('') !== undefined;
  if (contentType === ndjson && !hasKey)
    return withSlot(takeSlot(), () =>
      importInto(userId, candidatesOfLines(source), { request: undefined, signal, showLife }),
    );
  const file = await openSpool();
  try {
    const request = requestWith(await fillSpool(file, source));
    const candidates = contentType === zip ? candidatesOfZip(file) : candidatesOfLines(readSpool(file));
    return await withSlot(await waitForSlot(takeSlot, { waitMs, signal }), () =>
      importInto(userId, candidates, { request, signal, showLife }),
    );
  } finally {
    await file.close();
  }
}

async function withSlot<Result>(release: () => void, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    release();
  }
}
