import {
  bearerToken,
  invalidCursor,
  problems,
  route,
  type Route,
  type VerifyAccessToken,
} from '@polyglot-notes/service-kit';
import { cursorExpired } from './changes-cursor.ts';
import { ChangesPage, ListChanges } from './changes.schemas.ts';
import { createChangesService, type ChangesDependencies } from './changes.service.ts';

export function changesRoutes({
  verifyAccessToken,
  ...dependencies
}: ChangesDependencies & { verifyAccessToken: VerifyAccessToken }): Route[] {
  const changes = createChangesService(dependencies);
  return [
    route({
      method: 'get',
      path: '/api/notes/changes',
      tag: 'Changes',
      summary: 'List what has changed since a cursor',
      description: `For clients that keep copies of notes. The answer lists the current state of each note that was created, changed or moved to the trash, and the ids of destroyed notes, in the order of the changes. A note that changes several times is listed once, at its last change. Read on at once while \`page.hasMore\` is true. With \`wait\`, the answer comes with the next change, or without items when the time is over. After a 410, read all notes again: changes are kept for 90 days (\`CHANGES_DAYS\`).`,
      access: 'user',
      timeout: 'long',
      query: ListChanges,
      responses: {
        200: { description: 'The changes, and the cursor for the next request', schema: ChangesPage },
      },
      problems: [problems.tokenRevoked, invalidCursor, cursorExpired],
      handler: async ({ user, query, header, signal, draining }) => {
        const body = await changes.page(user.id, query, AbortSignal.any([signal, draining]));
        // The token may have been revoked meanwhile.
        if (query.wait > 0) await verifyAccessToken(bearerToken(header('Authorization')));
        return { status: 200, body };
      },
    }),
  ];
}
