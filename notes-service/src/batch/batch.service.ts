import { currentRequestId, Problem, problemMembers, problems } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { answerOnce, type KeyedRequest } from '../idempotency/idempotency.ts';
import { createNoteWrites, type NoteWrites } from '../notes/note-writes.ts';
import { Note, NoteParams } from '../notes/notes.schemas.ts';
import type { Preconditions } from '../notes/preconditions.ts';
import { toNote } from '../notes/to-note.ts';
import type { OwnerWrite, WriteAsOwner } from '../owners/owner-writes.ts';
import type { BatchResults } from './batch.schemas.ts';
import { createContentBudget } from './content-budget.ts';
import type { ParsedOperation } from './parse-operation.ts';

export interface BatchDependencies {
  /** A batch of long texts takes longer than a single change. */
  writeLong: WriteAsOwner;
  requireIfMatch: boolean;
  /** The URL of the gateway, for the links of problems. */
  publicUrl: string | undefined;
}

interface Options {
  isAtomic: boolean;
  request: KeyedRequest | undefined;
}

interface Outcome {
  status: number;
  note?: ReturnType<typeof toNote>;
}
type Result = z.input<typeof BatchResults>['results'][number];

export type BatchService = ReturnType<typeof createBatchService>;

export function createBatchService({ writeLong, requireIfMatch, publicUrl }: BatchDependencies) {
  const preconditionsOf = ({ ifMatch }: { ifMatch?: string | undefined }): Preconditions => ({
    ifMatch,
    ifNoneMatch: undefined,
    isRequired: requireIfMatch,
  });

  /** Carries out an operation. A refusal is thrown before anything has changed. */
  async function carryOut(notes: NoteWrites, operation: ParsedOperation): Promise<Outcome> {
    if (operation.op === 'invalid') throw operation.refusal;
    if (operation.op === 'create') return { status: 201, note: toNote(await notes.create(operation.note)) };
    const id = possibleId(operation);
    const preconditions = preconditionsOf(operation);
    if (operation.op === 'update')
      return { status: 200, note: toNote(await notes.patch(id, operation.note, preconditions)) };
    if (operation.op === 'restore')
      return { status: 200, note: toNote(await notes.restore(id, preconditions)) };
    await (operation.permanent ? notes.destroy(id, preconditions) : notes.trash(id, preconditions));
    return { status: 204 };
  }

  async function carryOutAll(
    write: OwnerWrite,
    operations: ParsedOperation[],
    { isAtomic, request }: Options,
  ) {
    const notes = createNoteWrites(write);
    const withinBudget = createContentBudget({ isStored: request !== undefined });
    const results: Result[] = [];
    for (const [index, operation] of operations.entries()) {
      try {
        const { status, note } = await carryOut(notes, operation);
        results.push({ status, body: note === undefined ? null : withinBudget(note) });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (isAtomic) throw withIndex(error, index);
        results.push(refusal(error, { publicUrl, withinBudget }));
      }
    }
    return results;
  }

  return {
    /** Carries out operations in one transaction, once per idempotency key. Throws the first refusal of an atomic batch. */
    run: (userId: string, operations: ParsedOperation[], options: Options) =>
      writeLong(userId, (write) =>
        answerOnce(write, options.request, async () => ({
          status: 200 as const,
          body: { results: await carryOutAll(write, operations, options) },
        })),
      ),
  };
}

function possibleId({ id }: { id: string }): string {
  if (!NoteParams.safeParse({ id }).success) throw new Problem(problems.notFound);
  return id;
}

function withIndex({ type, detail, errors, extensions }: Problem, index: number): Problem {
  const typeWithIndex = { ...type, extensions: type.extensions.extend({ index: z.int() }) };
  return new Problem(typeWithIndex, { detail, errors, extensions: { ...extensions, index } });
}

const WithCurrent = z.object({ current: Note });

interface RefusalOptions {
  publicUrl: string | undefined;
  withinBudget: ReturnType<typeof createContentBudget>;
}

function refusal(problem: Problem, { publicUrl, withinBudget }: RefusalOptions): Result {
  const { current } = WithCurrent.partial().parse(problem.extensions);
  const requestId = currentRequestId() ?? '';
  const members = { ...problemMembers(problem, { requestId, publicUrl }), requestId };
  return {
    status: problem.type.status,
    body: current === undefined ? members : { ...members, current: withinBudget(current) },
  };
}
