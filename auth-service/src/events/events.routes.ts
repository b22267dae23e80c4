import { invalidCursor, problems, route, type Route } from '@polyglot-notes/service-kit';
import { EventPage, ListEvents } from './events.schemas.ts';
import { createEventsService, type Dependencies } from './events.service.ts';

export function eventsRoutes(dependencies: Dependencies): Route[] {
  const events = createEventsService(dependencies);
  return [
    route({
      method: 'get',
      path: '/api/auth/events',
      tag: 'Auth',
      summary: 'List the audit trail, the newest event first',
      description:
        'Who did what to an account, when, and from where: logins and refused ones, sessions, passwords, emails, roles, deactivation and deletion. Users see the events about their own account, admins those about all accounts and the signing keys. Events are kept for `AUDIT_DAYS`. After a hard deletion, those of the account keep their type and time, and lose address, user agent and details.',
      access: 'user',
      query: ListEvents,
      responses: { 200: { description: 'One page of events', schema: EventPage } },
      problems: [invalidCursor, problems.forbidden, problems.tokenRevoked],
      handler: async ({ user, query }) => ({ status: 200, body: await events.list(user, query) }),
    }),
  ];
}
