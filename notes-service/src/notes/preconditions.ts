import { Problem, problemType } from '@polyglot-notes/service-kit';
import { Note } from './notes.schemas.ts';
import { toNote, type NoteRow } from './to-note.ts';

export const preconditionFailed = problemType(
  412,
  'precondition_failed',
  'The note has changed since it was read',
  { current: Note },
);
export const preconditionRequired = problemType(
  428,
  'precondition_required',
  'A change needs an If-Match header with the ETag of the note that was read',
);

/** The strong entity tag of a note version (RFC 9110, section 8.8.3). */
export const entityTag = (version: number): string => `"${version}"`;

/** Whether the version satisfies an If-Match header (RFC 9110, section 13.1.1). A missing header matches. */
function matchesIfMatch(ifMatch: string | undefined, version: number): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim() === entityTag(version));
}

/** Whether an If-None-Match header (RFC 9110, section 13.1.2) names the version. A missing header names none. */
export function matchesIfNoneMatch(ifNoneMatch: string | undefined, version: number): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || opaqueTags(ifNoneMatch).includes(entityTag(version));
}

/** The conditional headers of a request that changes a note. */
export interface Preconditions {
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
  /** Whether a request without If-Match is refused (RFC 6585, section 3). */
  isRequired: boolean;
}

/** Creates a function that reads the conditional headers of a request. */
export const preconditionsReader =
  ({ requireIfMatch }: { requireIfMatch: boolean }) =>
  (header: (name: string) => string | undefined): Preconditions => ({
    ifMatch: header('if-match'),
    ifNoneMatch: header('if-none-match'),
    isRequired: requireIfMatch,
  });

/** Throws `precondition_required` or `precondition_failed` if the note must not be changed (RFC 9110, section 13.2.2). */
export function checkPreconditions({ ifMatch, ifNoneMatch, isRequired }: Preconditions, row: NoteRow): void {
  if (isRequired && ifMatch === undefined) throw new Problem(preconditionRequired);
  if (!matchesIfMatch(ifMatch, row.version) || matchesIfNoneMatch(ifNoneMatch, row.version))
    throw new Problem(preconditionFailed, { extensions: { current: toNote(row) } });
}

// If-None-Match uses the weak comparison, because a cache may weaken a tag.
const opaqueTags = (list: string) => list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
