import { hash } from 'node:crypto';
import { Problem } from '@polyglot-notes/service-kit';
import {
  answerOnce,
  findKeyedState,
  replay,
  storeProgress,
  type Answer,
  type KeyedRequest,
  type KeyedState,
} from '../idempotency/idempotency.ts';
import { bytesOf } from '../notes/notes.repository.ts';
import type { OwnerWrite, WriteAsOwner } from '../owners/owner-writes.ts';
import { createImportRepository, type NewRow } from './import.repository.ts';
import { LineFault, maxMessageLength, maxNameLength, type FaultCode } from './line-fault.ts';
import { newRow } from './new-row.ts';
import { atHalfSpeed, readAtHalfSpeed, untilNotBusy } from './pace.ts';
import { maxNamedFailures, type ImportNote, type ImportResult } from './transfer.schemas.ts';

/** A line of an import, or an entry of an archive with its name: a note, or why it is none. */
export type Candidate = { line: number; name?: string } & (
  | { note: ImportNote; bytes: number }
  | { fault: LineFault }
);
type NoteLine = Extract<Candidate, { note: ImportNote }>;

// Other writes of the user wait for one chunk at most. Texts of more than 128 KiB would stay in memory for longer.
const [chunkNotes, chunkBytes] = [100, 98_304];

export interface ImportDependencies {
  writeLong: WriteAsOwner;
}

export type ImportNotes = ReturnType<typeof createImport>;

// The longest answer: a name and a message in which each character is escaped, for each named failure.
const answerRoom = maxNamedFailures * (6 * (maxNameLength + maxMessageLength) + 300);

/** What has become of the lines up to `done`. */
interface Progress extends ImportResult {
  done: number;
}

const begin: Progress = { done: 0, imported: 0, skipped: 0, skippedInTrash: 0, failedCount: 0, failed: [] };

/**
 * Imports notes in chunks, each in a transaction of its own. Notes that the user has already are skipped. With an
 * idempotency key, each chunk is written once: a repeat continues after the last chunk of an import that was broken off,
 * and a second one waits for the first.
 */
export const createImport =
  ({ writeLong }: ImportDependencies) =>
  async (
    userId: string,
    candidates: AsyncIterable<Candidate>,
    {
      request,
      signal,
      showLife,
    }: { request: KeyedRequest | undefined; signal: AbortSignal; showLife: () => void },
  ) => {
    const write = <Result>(work: (write: OwnerWrite) => Promise<Result>) =>
      untilNotBusy(() => writeLong(userId, work), signal);
    const earlier = request && (await write((owner) => beginOnce(owner, request)));
    if (earlier?.answer !== undefined) return asReply(replay(earlier.answer));
    let progress = begin;
    for await (const chunk of chunksOf(untilAborted(candidates, signal))) {
      const before = progress;
      const writesNothing = request === undefined && chunk.every((each) => 'fault' in each);
      progress = writesNothing
        ? advance(before, chunk, nothingWritten)
        : await atHalfSpeed(() => write((owner) => importOnce(owner, chunk, before, request)), signal);
      showLife();
    }
    const { done: _done, ...body } = progress;
    const answer = async () => ({ status: 200, body });
    return asReply(await write((owner) => answerOnce(owner, request, answer, answerRoom)));
  };

const asReply = ({ headers = {}, body }: Answer) => ({
  status: 200 as const,
  headers,
  body: body as ImportResult,
});

/**
 * Stores that an import with a key has begun, unless it has. Throws `storage_limit_reached` to a user who has passed the limit,
 * before anything is stored: an import that goes on has room for its answer.
 */
async function beginOnce(write: OwnerWrite, request: KeyedRequest): Promise<KeyedState | undefined> {
  const state = await findKeyedState(write, request);
  if (state?.answer !== undefined) return state;
  write.usage.checkBytes();
  if (state === undefined) await storeProgress(write, request, { ...begin }, answerRoom);
  return state;
}

/** Imports the lines of a chunk that have not been imported with the key of the request. */
async function importOnce(
  write: OwnerWrite,
  chunk: Candidate[],
  before: Progress,
  request: KeyedRequest | undefined,
): Promise<Progress> {
  const state = request && (await findKeyedState(write, request));
  const stored = (state?.progress as Progress | undefined) ?? before;
  const lines = chunk.filter(({ line }) => line > stored.done);
  if (lines.length === 0 || state?.answer !== undefined) return stored;
  const written = await importChunk(
    write,
    lines.filter((each) => 'note' in each),
  );
  const progress = advance(stored, lines, written);
  if (request) await storeProgress(write, request, { ...progress }, answerRoom);
  return progress;
}

interface Written {
  imported: number;
  skipped: number;
  skippedInTrash: number;
  faults: Fault[];
}

const nothingWritten: Written = { imported: 0, skipped: 0, skippedInTrash: 0, faults: [] };

/** Adds lines, and what has become of the notes in them. */
function advance(before: Progress, lines: Candidate[], written: Written): Progress {
  const faults = [...lines.filter((each) => 'fault' in each), ...written.faults];
  return {
    done: lines.at(-1)?.line ?? before.done,
    imported: before.imported + written.imported,
    skipped: before.skipped + written.skipped,
    skippedInTrash: before.skippedInTrash + written.skippedInTrash,
    failedCount: before.failedCount + faults.length,
    failed: [...before.failed, ...named(faults)].slice(0, maxNamedFailures),
  };
}

async function* untilAborted<Item>(source: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  for await (const item of readAtHalfSpeed(source)) {
    signal.throwIfAborted();
    yield item;
  }
}

type Fault = Extract<Candidate, { fault: LineFault }>;

const named = (faults: Fault[]): ImportResult['failed'] =>
  faults
    .toSorted((a, b) => a.line - b.line)
    .map(({ line, name, fault }) => ({
      line,
      ...(name !== undefined && { name }),
      code: fault.code,
      message: fault.message,
    }));

async function* chunksOf(candidates: AsyncIterable<Candidate>): AsyncGenerator<Candidate[]> {
  let chunk: Candidate[] = [];
  let bytes = 0;
  for await (const candidate of candidates) {
    chunk.push(candidate);
    bytes += 'bytes' in candidate ? candidate.bytes : 0;
    if (chunk.length < chunkNotes && bytes < chunkBytes) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}

/** Inserts the notes of a chunk that the user does not have and that fit into the limits. */
async function importChunk(write: OwnerWrite, lines: NoteLine[]): Promise<Written> {
  const notes = createImportRepository(write);
  if (lines.length === 0) return nothingWritten;
  const { ids, trashed } = await notes.takenIds(lines.flatMap(({ note }) => note.id ?? []));
  const known = await knownNotes(notes, lines, ids);
  const rows: NewRow[] = [];
  const faults: Fault[] = [];
  let [skipped, skippedInTrash] = [0, 0];
  for (const { line, name, note } of lines) {
    if (known.has(note)) {
      skipped++;
      if (note.id !== undefined && trashed.has(note.id)) skippedInTrash++;
      continue;
    }
    const row = newRow(note, write);
    const fault = countRow(write, row);
    if (fault) faults.push({ line, ...(name !== undefined && { name }), fault });
    else {
      rows.push(row);
      known.add(note);
    }
  }
  if (rows.length > 0) await notes.insert(rows);
  return { imported: rows.length, skipped, skippedInTrash, faults };
}

/** Adds a note to what its owner has stored, unless it would pass a limit. */
function countRow({ usage }: OwnerWrite, row: NewRow): LineFault | undefined {
  const versionBytes = row.versions.reduce((sum, version) => sum + version.bytes, 0);
  try {
    usage.add({ notes: 1, versions: row.versions.length, bytes: bytesOf(row) + versionBytes });
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return new LineFault(error.type.code as FaultCode, error.message);
    throw error;
  }
}

interface Comparable {
  title: string;
  tags: string[];
  createdAt: Date;
  updatedAt: Date;
  digest: string;
}

const keyOf = ({ title, tags, createdAt, updatedAt, digest }: Comparable) =>
  JSON.stringify([title, tags, createdAt.getTime(), updatedAt.getTime(), digest]);

/** The key of a note with times, without which the same note twice means two notes. */
function timedKey({ title, tags, content, createdAt, updatedAt }: ImportNote): string | undefined {
  if (createdAt === undefined || updatedAt === undefined) return undefined;
  return keyOf({ title, tags, createdAt, updatedAt, digest: hash('sha256', content) });
}

/** The notes that the user has: those with the same id, or with the same texts and times. */
async function knownNotes(
  notes: ReturnType<typeof createImportRepository>,
  lines: NoteLine[],
  ids: Set<string>,
) {
  const timed = lines.flatMap(({ note: { title, createdAt, updatedAt } }) =>
    createdAt === undefined || updatedAt === undefined ? [] : { title, createdAt },
  );
  const stored = timed.length === 0 ? [] : await notes.alike(timed);
  const keys = new Set(stored.map(keyOf));
  return {
    has(note: ImportNote): boolean {
      const key = timedKey(note);
      return (note.id !== undefined && ids.has(note.id)) || (key !== undefined && keys.has(key));
    },
    add(note: ImportNote): void {
      const key = timedKey(note);
      if (note.id !== undefined) ids.add(note.id);
      if (key !== undefined) keys.add(key);
    },
  };
}
