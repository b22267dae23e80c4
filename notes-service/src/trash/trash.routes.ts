import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import { Note, NoteParams } from '../notes/notes.schemas.ts';
import { conditionProblems, conditions, etag, noteHeaders } from '../notes/notes.routes.ts';
import { preconditionsReader } from '../notes/preconditions.ts';
import { Destroyed, ListTrash, TrashPage } from './trash.schemas.ts';
import { createTrashService, type TrashDependencies, type TrashService } from './trash.service.ts';

const tag = 'Trash';

export function trashRoutes(dependencies: TrashDependencies & { requireIfMatch: boolean }): Route[] {
  const trash = createTrashService(dependencies);
  return [listTrash(trash), emptyTrash(trash), restoreNote(trash, preconditionsReader(dependencies))];
}

const listTrash = (trash: TrashService) =>
  route({
    method: 'get',
    path: '/api/notes/trash',
    tag,
    summary: 'List the notes in the trash',
    description:
      'The latest deletion comes first. A note is destroyed 30 days after its deletion (`TRASH_DAYS`).',
    access: 'user',
    query: ListTrash,
    responses: { 200: { description: 'One page of the trash', schema: TrashPage } },
    problems: [problems.tokenRevoked, invalidCursor],
    handler: async ({ user, query }) => ({ status: 200, body: await trash.page(user.id, query) }),
  });

const emptyTrash = (trash: TrashService) =>
  route({
    method: 'delete',
    path: '/api/notes/trash',
    tag,
    summary: 'Destroy all notes in the trash with their versions',
    timeout: 'long',
    access: 'user',
    responses: { 200: { description: 'The number of destroyed notes', schema: Destroyed } },
    problems: [problems.tokenRevoked],
    handler: async ({ user }) => ({ status: 200, body: { destroyed: await trash.empty(user.id) } }),
  });

const restoreNote = (trash: TrashService, preconditionsOf: ReturnType<typeof preconditionsReader>) =>
  route({
    method: 'post',
    path: '/api/notes/:id/restore',
    tag,
    summary: 'Move a note out of the trash',
    description: 'A note outside the trash stays as it is.',
    access: 'user',
    params: NoteParams,
    requestHeaders: conditions,
    responses: { 200: { description: 'The note', schema: Note, headers: noteHeaders } },
    problems: conditionProblems,
    handler: async ({ user, params, header }) => {
      const note = await trash.restore(user.id, params.id, preconditionsOf(header));
      return { status: 200, body: note, headers: etag(note) };
    },
  });
