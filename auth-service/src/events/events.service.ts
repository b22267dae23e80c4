import { Problem, problems, readPage, TimePosition, type AccessTokenUser } from '@polyglot-notes/service-kit';
import type { EventIntent } from '../credentials/event-intents.ts';
import type { EventsRepository } from './events.repository.ts';
import type { EventQuery } from './events.schemas.ts';
import type { MoveEvents } from './move-events.ts';

export interface Dependencies {
  events: Pick<EventsRepository, 'page' | 'count'>;
  moveEvents: MoveEvents;
}

type User = Pick<AccessTokenUser, 'id' | 'role'>;

/** The audit trail: of one's own account, and for admins of all accounts. */
export const createEventsService = ({ events, moveEvents }: Dependencies) => ({
  async list(user: User, { userId, type, from, to, ...paging }: EventQuery) {
    const isAdmin = user.role === 'admin';
    if (!isAdmin && userId !== undefined && userId !== user.id) throw new Problem(problems.forbidden);
    const filter = { userId: isAdmin ? userId : user.id, type, from, to };
    // The caller may look for what was done a moment ago.
    await moveEvents();
    const { rows, page } = await readPage(paging, {
      filter,
      position: TimePosition,
      positionOf: ({ at, id }: EventIntent): TimePosition => [at.getTime(), id],
      read: ({ after, ...window }) =>
        events.page(filter, { ...window, after: after && { at: new Date(after[0]), id: after[1] } }),
      count: () => events.count(filter),
    });
    return { items: rows.map((event) => asView(event, user)), page };
  },
});

/** Where an admin was is shown to admins only. */
function asView({ at, address, userAgent, ...event }: EventIntent, { id, role }: User) {
  const isShown = role === 'admin' || event.actorId === id || event.actorId === null;
  return {
    ...event,
    at: at.toISOString(),
    address: isShown ? address : null,
    userAgent: isShown ? userAgent : null,
  };
}
