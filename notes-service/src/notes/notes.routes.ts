import { problems, route, type Route } from '@polyglot-notes/service-kit';
import {
  idempotencyHeaders,
  idempotencyKeyReused,
  keyedRequest,
  replayedHeader,
} from '../idempotency/idempotency.ts';
import { noteLimitReached, storageLimitReached } from '../owners/limits.ts';
import { CreateNote, DeleteNote, Note, NoteParams, PatchNote } from './notes.schemas.ts';
import { createNotesService, type NotesDependencies, type NotesService } from './notes.service.ts';
import {
  entityTag,
  matchesIfNoneMatch,
  preconditionFailed,
  preconditionRequired,
  preconditionsReader,
} from './preconditions.ts';

const tag = 'Notes';
export const noteHeaders = { ETag: 'The version of the note as a strong entity tag.' };
export const conditions = {
  'If-Match': 'The ETag of the note that you read. The answer is 412 if the note has changed.',
  'If-None-Match': 'An ETag, or `*`. The answer is 412 if the note has this ETag, or exists.',
};
export const etag = ({ version }: { version: number }) => ({ ETag: entityTag(version) });

export function notesRoutes(dependencies: NotesDependencies): Route[] {
  const notes = createNotesService(dependencies);
  const preconditionsOf = preconditionsReader(dependencies);
  return [
    createNote(notes),
    readNote(notes),
    changeNote(notes, preconditionsOf),
    deleteNote(notes, preconditionsOf),
  ];
}

type PreconditionsOf = ReturnType<typeof preconditionsReader>;
export const conditionProblems = [problems.tokenRevoked, preconditionFailed, preconditionRequired];

const createNote = (notes: NotesService) =>
  route({
    method: 'post',
    path: '/api/notes',
    tag,
    summary: 'Create a note',
    description:
      'Send a title, a content, or both. A title must contain a visible character, and so must a content without a title. A note without a title is called "Untitled".',
    access: 'user',
    body: CreateNote,
    requestHeaders: idempotencyHeaders,
    responses: {
      201: {
        description: 'The new note',
        schema: Note,
        headers: { Location: 'The path of the note.', ...noteHeaders },
        optionalHeaders: replayedHeader,
      },
    },
    problems: [problems.tokenRevoked, idempotencyKeyReused, noteLimitReached, storageLimitReached],
    handler: ({ user, body, header }) =>
      notes.create(user.id, body, keyedRequest(header, { method: 'POST', path: '/api/notes', body })),
  });

const readNote = (notes: NotesService) =>
  route({
    method: 'get',
    path: '/api/notes/:id',
    tag,
    summary: 'Read a note',
    access: 'user',
    params: NoteParams,
    requestHeaders: {
      'If-None-Match': 'The ETag of your copy. The answer is 304 if the note has not changed.',
    },
    responses: {
      200: { description: 'The note', schema: Note, headers: noteHeaders },
      304: { description: 'Your copy is current', headers: noteHeaders },
    },
    problems: [problems.tokenRevoked],
    handler: async ({ user, params, header }) => {
      const note = await notes.get(user.id, params.id);
      // Express itself ignores If-None-Match in a request with `Cache-Control: no-cache`.
      if (matchesIfNoneMatch(header('if-none-match'), note.version))
        return { status: 304, headers: etag(note) };
      return { status: 200, body: note, headers: etag(note) };
    },
  });

const changeNote = (notes: NotesService, preconditionsOf: PreconditionsOf) =>
  route({
    method: 'patch',
    path: '/api/notes/:id',
    tag,
    summary: 'Change a note',
    description:
      'Changes only the fields that you send. The version grows only if a value differs. The version before the change is kept.',
    access: 'user',
    params: NoteParams,
    body: PatchNote,
    requestHeaders: conditions,
    responses: { 200: { description: 'The changed note', schema: Note, headers: noteHeaders } },
    problems: [...conditionProblems, storageLimitReached],
    handler: async ({ user, params, body, header }) => {
      const note = await notes.patch(user.id, params.id, body, preconditionsOf(header));
      return { status: 200, body: note, headers: etag(note) };
    },
  });

const deleteNote = (notes: NotesService, preconditionsOf: PreconditionsOf) =>
  route({
    method: 'delete',
    path: '/api/notes/:id',
    tag,
    summary: 'Move a note to the trash, or destroy it',
    description:
      'A note in the trash can be restored for 30 days (`TRASH_DAYS`). To delete a note that is in the trash changes nothing.',
    access: 'user',
    params: NoteParams,
    query: DeleteNote,
    requestHeaders: conditions,
    responses: { 204: { description: 'The note is in the trash, or has been destroyed' } },
    problems: conditionProblems,
    handler: async ({ user, params, query, header }) => {
      await notes.remove(user.id, params.id, query.permanent, preconditionsOf(header));
      return { status: 204 };
    },
  });
