import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import { storageLimitReached } from '../owners/limits.ts';
import { ChangedNotes, ListTags, RenameTag, TagPage, TagParams } from './tags.schemas.ts';
import { createTagsService, type TagsDependencies, type TagsService } from './tags.service.ts';

const tag = 'Tags';
const meanwhile =
  'It is one change for all notes: each gets a new version, and the version before it is kept. Archived notes are included. A note in the trash keeps its tags. Your other changes wait meanwhile, and are a 503 after some seconds.';

export function tagsRoutes(dependencies: TagsDependencies): Route[] {
  const tags = createTagsService(dependencies);
  return [listTags(tags), renameTag(tags), removeTag(tags)];
}

const listTags = (tags: TagsService) =>
  route({
    method: 'get',
    path: '/api/notes/tags',
    tag,
    summary: 'List your tags with the numbers of their notes',
    description:
      'The tags of all notes outside the trash, archived notes included, in the order of their code points. The list is complete up to 10,000 tags.',
    access: 'user',
    query: ListTags,
    responses: { 200: { description: 'The tags', schema: TagPage } },
    problems: [problems.tokenRevoked, invalidCursor],
    handler: async ({ user, query }) => ({ status: 200, body: await tags.page(user.id, query.cursor) }),
  });

const renameTag = (tags: TagsService) =>
  route({
    method: 'patch',
    path: '/api/notes/tags/:tag',
    tag,
    summary: 'Rename a tag in all notes, or merge it with another one',
    description: `The path and \`name\` are read as tags of notes are: trimmed, in lower case, in Unicode normalization form C. A \`/\` is sent as \`%2F\`, and the tags \`.\` and \`..\` as \`%2E\` and \`%2E%2E\`, with a client that sends the path unchanged: \`fetch\` and browsers remove them. A note that has both tags keeps the name at the first of the two places. The same name, and a tag that no note has, change nothing. ${meanwhile}`,
    access: 'user',
    timeout: 'long',
    params: TagParams,
    body: RenameTag,
    responses: { 200: { description: 'The number of changed notes', schema: ChangedNotes } },
    problems: [problems.tokenRevoked, storageLimitReached],
    handler: async ({ user, params, body }) => ({
      status: 200,
      body: { changed: await tags.rename(user.id, params.tag, body.name) },
    }),
  });

const removeTag = (tags: TagsService) =>
  route({
    method: 'delete',
    path: '/api/notes/tags/:tag',
    tag,
    summary: 'Remove a tag from all notes',
    description: `A tag that no note has changes nothing. ${meanwhile}`,
    access: 'user',
    timeout: 'long',
    params: TagParams,
    responses: { 200: { description: 'The number of changed notes', schema: ChangedNotes } },
    problems: [problems.tokenRevoked, storageLimitReached],
    handler: async ({ user, params }) => ({
      status: 200,
      body: { changed: await tags.remove(user.id, params.tag) },
    }),
  });
