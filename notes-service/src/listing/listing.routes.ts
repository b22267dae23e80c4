import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import { ListNotes, NotePage } from './listing.schemas.ts';
import { createListingService, type ListingDependencies } from './listing.service.ts';

export function listingRoutes(dependencies: ListingDependencies): Route[] {
  const listing = createListingService(dependencies);
  return [
    route({
      method: 'get',
      path: '/api/notes',
      tag: 'Notes',
      summary: 'List or search your notes',
      access: 'user',
      query: ListNotes,
      responses: { 200: { description: 'One page of notes', schema: NotePage } },
      problems: [invalidCursor, problems.tokenRevoked],
      handler: async ({ user, query }) => ({ status: 200, body: await listing.page(user.id, query) }),
    }),
  ];
}
