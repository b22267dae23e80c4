import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import { conditionProblems, conditions, etag, noteHeaders } from '../notes/notes.routes.ts';
import { Note, NoteParams } from '../notes/notes.schemas.ts';
import { preconditionsReader } from '../notes/preconditions.ts';
import { storageLimitReached } from '../owners/limits.ts';
import { ListVersions, Version, VersionPage, VersionParams } from './versions.schemas.ts';
import {
  createVersionsService,
  type VersionsDependencies,
  type VersionsService,
} from './versions.service.ts';

const tag = 'Versions';

export function versionsRoutes(dependencies: VersionsDependencies & { requireIfMatch: boolean }): Route[] {
  const versions = createVersionsService(dependencies);
  return [
    listVersions(versions),
    readVersion(versions),
    restoreVersion(versions, preconditionsReader(dependencies)),
  ];
}

const listVersions = (versions: VersionsService) =>
  route({
    method: 'get',
    path: '/api/notes/:id/versions',
    tag,
    summary: 'List the versions of a note',
    description:
      'The newest version comes first: the current one. Every visible change keeps the version before it, up to `NOTE_VERSIONS_MAX` of them.',
    access: 'user',
    params: NoteParams,
    query: ListVersions,
    responses: { 200: { description: 'One page of the versions', schema: VersionPage } },
    problems: [problems.tokenRevoked, invalidCursor],
    handler: async ({ user, params, query }) => ({
      status: 200,
      body: await versions.page(user.id, params.id, query),
    }),
  });

const readVersion = (versions: VersionsService) =>
  route({
    method: 'get',
    path: '/api/notes/:id/versions/:version',
    tag,
    summary: 'Read a version of a note',
    access: 'user',
    params: VersionParams,
    responses: { 200: { description: 'The version', schema: Version } },
    problems: [problems.tokenRevoked],
    handler: async ({ user, params }) => ({
      status: 200,
      body: await versions.get(user.id, params.id, params.version),
    }),
  });

const restoreVersion = (versions: VersionsService, preconditionsOf: ReturnType<typeof preconditionsReader>) =>
  route({
    method: 'post',
    path: '/api/notes/:id/versions/:version/restore',
    tag,
    summary: 'Restore a version of a note',
    description:
      'Title, content, tags, `pinned` and `archived` become those of the version. This is a new version, so nothing is lost. Restoring the current version changes nothing.',
    access: 'user',
    params: VersionParams,
    requestHeaders: conditions,
    responses: { 200: { description: 'The note', schema: Note, headers: noteHeaders } },
    problems: [...conditionProblems, storageLimitReached],
    handler: async ({ user, params, header }) => {
      const note = await versions.restore(user.id, params.id, params.version, preconditionsOf(header));
      return { status: 200, body: note, headers: etag(note) };
    },
  });
