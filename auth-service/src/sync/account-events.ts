import type { AccountState } from '../credentials/account-state.ts';
import type { Credential } from '../credentials/credential.model.ts';
import {
  newEvent,
  system,
  withoutPersonalData,
  type EventDetails,
  type EventIntent,
  type EventType,
} from '../credentials/event-intents.ts';
import type { AccountEvent } from './accounts.schemas.ts';

const delivered =
  (userId: string) =>
  ({ at, details: { from, to }, ...event }: AccountEvent): EventIntent => ({
    ...event,
    userId,
    at: new Date(at),
    details: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
  });

/** The events of a new state: those that user-service has sent with it, or else what has changed. */
export const eventsOfState = (
  before: Credential,
  state: AccountState,
  given: AccountEvent[],
  now: Date,
): EventIntent[] =>
  given.length > 0
    ? given.map(delivered(before._id))
    : changesOf(before, state).map(([type, details]) => newEvent(type, before._id, system, now, details));

/** The events of an erasure, which begin without personal data. */
export const eventsOfErasure = (userId: string, given: AccountEvent[], now: Date): EventIntent[] =>
  (given.length > 0 ? given.map(delivered(userId)) : [newEvent('deleted', userId, system, now)]).map(
    withoutPersonalData,
  );

function changesOf(before: AccountState, { role, status, sessionRevocations }: AccountState) {
  const changes: [EventType, EventDetails][] = [];
  if (role !== before.role) changes.push(['role_changed', { from: before.role, to: role }]);
  if (status !== before.status) changes.push([status === 'active' ? 'reactivated' : 'deactivated', {}]);
  else if (sessionRevocations > before.sessionRevocations) changes.push(['sessions_ended', {}]);
  return changes;
}
