import { parsePart, Problem } from '@polyglot-notes/service-kit';
import { CreateNote, PatchNote } from '../notes/notes.schemas.ts';
import type { Operation } from './batch.schemas.ts';

/** An operation with its note parsed; `invalid` with the reason if the note is not valid. */
export type ParsedOperation = ReturnType<typeof parseOperation>;

/** Parses the note of an operation. */
export function parseOperation(operation: Operation, index: number) {
  const path = `body.operations.${index}.note`;
  try {
    switch (operation.op) {
      case 'create':
        return { ...operation, note: parsePart(path, CreateNote, operation.note) };
      case 'update':
        return { ...operation, note: parsePart(path, PatchNote, operation.note) };
      default:
        return operation;
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { op: 'invalid' as const, operation, refusal: error };
  }
}

/** What makes two operations the same request. */
export const identityOf = (parsed: ParsedOperation) => (parsed.op === 'invalid' ? parsed.operation : parsed);
