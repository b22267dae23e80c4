import { randomUUID } from 'node:crypto';
import type { AccessTokenUser, ClientDetails } from '@polyglot-notes/service-kit';
import type { AccountState } from './account-state.ts';

/** Who changes an account, and from where. An operator and the system have no id. */
export interface Author {
  actorId: string | null;
  address: string | null;
  userAgent: string | null;
}

/** An event of the audit trail of auth-service: kept in the account, and sent with the state that it led to. */
export interface AccountEvent extends Author {
  id: string;
  type: 'role_changed' | 'deactivated' | 'reactivated' | 'deleted' | 'sessions_ended';
  at: Date;
  details: { from?: string; to?: string };
}

// All of them are sent at once.
const maxEvents = 50;

/** An operator, or the system itself. */
export const system: Author = { actorId: null, address: null, userAgent: null };

export const authorOf = ({ id }: Pick<AccessTokenUser, 'id'>, client: ClientDetails): Author => ({
  actorId: id,
  address: client.address ?? null,
  userAgent: client.userAgent ?? null,
});

export const newEvent = (
  type: AccountEvent['type'],
  author: Author,
  at: Date,
  details: AccountEvent['details'] = {},
): AccountEvent => ({ id: randomUUID(), type, at, ...author, details });

const ofStatus = { active: 'reactivated', deactivated: 'deactivated', deleting: 'deleted' } as const;

type Decided = Pick<AccountState, 'role' | 'status'>;

/** The events of a change of role or status. */
export const eventsOf = (before: Decided, { role, status }: Decided, author: Author, at: Date) => [
  ...(role === before.role ? [] : [newEvent('role_changed', author, at, { from: before.role, to: role })]),
  ...(status === before.status ? [] : [newEvent(ofStatus[status], author, at)]),
];

/** The part of an update that adds events. Of more than fifty that auth-service has not received, the oldest are dropped. */
export const withEvents = (events: AccountEvent[]) => ({
  $push: { events: { $each: events, $slice: -maxEvents } },
});

/** The part of an update that removes the events of an account that were sent. */
export const withoutEvents = ({ events = [] }: { events?: AccountEvent[] }) => ({
  $pull: { events: { id: { $in: events.map(({ id }) => id) } } },
});
