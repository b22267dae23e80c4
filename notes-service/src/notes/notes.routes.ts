import { problems, route, type Route } from '@polyglot-notes/service-kit';
import { CreateNote, Note, NoteParams, PatchNote } from './notes.schemas.ts';
import {
  createNotesService,
  preconditionFailed,
  type NotesDependencies,
  type NotesService,
} from './notes.service.ts';
import { entityTag, matchesIfNoneMatch, preconditionsOf } from './preconditions.ts';

const tag = 'Notes';
const noteHeaders = { ETag: 'The version of the note as a strong entity tag.' };
const conditions = {
  'If-Match': 'The ETag of the note that you read. The answer is 412 if the note has changed.',
  'If-None-Match': 'An ETag, or `*`. The answer is 412 if the note has this ETag, or exists.',
};
const etag = ({ version }: { version: number }) => ({ ETag: entityTag(version) });

export function notesRoutes(dependencies: NotesDependencies): Route[] {
  const notes = createNotesService(dependencies);
  return [createNote(notes), readNote(notes), changeNote(notes), deleteNote(notes)];
}

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
    responses: {
      201: {
        description: 'The new note',
        schema: Note,
        headers: { Location: 'The path of the note.', ...noteHeaders },
      },
    },
    problems: [problems.tokenRevoked],
    handler: async ({ user, body }) => {
      const note = await notes.create(user.id, body);
      return { status: 201, body: note, headers: { Location: `/api/notes/${note.id}`, ...etag(note) } };
    },
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

const changeNote = (notes: NotesService) =>
  route({
    method: 'patch',
    path: '/api/notes/:id',
    tag,
    summary: 'Change a note',
    description: 'Changes only the fields that you send. The version grows only if a value differs.',
    access: 'user',
    params: NoteParams,
    body: PatchNote,
    requestHeaders: conditions,
    responses: { 200: { description: 'The changed note', schema: Note, headers: noteHeaders } },
    problems: [problems.tokenRevoked, preconditionFailed],
    handler: async ({ user, params, body, header }) => {
      const note = await notes.patch(user.id, params.id, body, preconditionsOf(header));
      return { status: 200, body: note, headers: etag(note) };
    },
  });

const deleteNote = (notes: NotesService) =>
  route({
    method: 'delete',
    path: '/api/notes/:id',
    tag,
    summary: 'Delete a note permanently',
    access: 'user',
    params: NoteParams,
    requestHeaders: conditions,
    responses: { 204: { description: 'The note has been deleted' } },
    problems: [problems.tokenRevoked, preconditionFailed],
    handler: async ({ user, params, header }) => {
      await notes.remove(user.id, params.id, preconditionsOf(header));
      return { status: 204 };
    },
  });
