import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import { ListNotes, NotePage } from './list.schemas.ts';
import { CreateNote, Note, NoteParams, PatchNote } from './notes.schemas.ts';
import { notesService, preconditionFailed } from './notes.service.ts';
import { entityTag, isHeld } from './preconditions.ts';

const tag = 'Notes';
const noteHeaders = { ETag: 'The version of the note, as a strong entity tag.' };
const ifMatch = { 'If-Match': 'The ETag of the note as you saw it: 412 if it has moved on.' };
const etag = ({ version }: { version: number }) => ({ ETag: entityTag(version) });

export function notesRoutes({ db, clock }: Pick<Context, 'db' | 'clock'>): Route[] {
  const notes = notesService(db, clock);
  return [
    route({
      method: 'get',
      path: '/api/notes',
      tag,
      summary: 'List or search your notes',
      access: 'user',
      query: ListNotes,
      responses: { 200: { description: 'One page of notes', schema: NotePage } },
      problems: [invalidCursor, problems.tokenRevoked],
      handler: async ({ user, query }) => ({ status: 200, body: await notes.list(user.id, query) }),
    }),
    route({
      method: 'post',
      path: '/api/notes',
      tag,
      summary: 'Write a note',
      description: 'A title or a content is needed; a note without a title is called "Untitled".',
      access: 'user',
      body: CreateNote,
      responses: {
        201: {
          description: 'The new note',
          schema: Note,
          headers: { Location: 'Where the note is.', ...noteHeaders },
        },
      },
      problems: [problems.tokenRevoked],
      handler: async ({ user, body }) => {
        const note = await notes.create(user.id, body);
        return { status: 201, body: note, headers: { Location: `/api/notes/${note.id}`, ...etag(note) } };
      },
    }),
    route({
      method: 'get',
      path: '/api/notes/:id',
      tag,
      summary: 'Read a note',
      access: 'user',
      params: NoteParams,
      requestHeaders: { 'If-None-Match': 'An ETag that you have: 304 if the note is still the same.' },
      responses: {
        200: { description: 'The note', schema: Note, headers: noteHeaders },
        304: { description: 'The note is the one that you have' },
      },
      problems: [problems.tokenRevoked],
      handler: async ({ user, params, header }) => {
        const note = await notes.get(user.id, params.id);
        // Here and not left to Express, which sends everything to whoever says `Cache-Control: no-cache`.
        if (isHeld(header('if-none-match'), note.version)) return { status: 304, headers: etag(note) };
        return { status: 200, body: note, headers: etag(note) };
      },
    }),
    route({
      method: 'patch',
      path: '/api/notes/:id',
      tag,
      summary: 'Change a note',
      description: 'Only what is named changes. A change to what the note already is keeps its version.',
      access: 'user',
      params: NoteParams,
      body: PatchNote,
      requestHeaders: ifMatch,
      responses: { 200: { description: 'The note as it is now', schema: Note, headers: noteHeaders } },
      problems: [problems.tokenRevoked, preconditionFailed],
      handler: async ({ user, params, body, header }) => {
        const note = await notes.patch(user.id, params.id, body, header('if-match'));
        return { status: 200, body: note, headers: etag(note) };
      },
    }),
    route({
      method: 'delete',
      path: '/api/notes/:id',
      tag,
      summary: 'Delete a note for good',
      access: 'user',
      params: NoteParams,
      requestHeaders: ifMatch,
      responses: { 204: { description: 'The note is gone' } },
      problems: [problems.tokenRevoked, preconditionFailed],
      handler: async ({ user, params, header }) => {
        await notes.remove(user.id, params.id, header('if-match'));
        return { status: 204 };
      },
    }),
  ];
}
