import { randomUUID } from 'node:crypto';
import { withMails, type MailIntent } from './mail-intents.ts';

/** The events that user-service records: it decides about roles, statuses and deletions. */
export const accountEventTypes = [
  'role_changed',
  'deactivated',
  'reactivated',
  'deleted',
  'sessions_ended',
] as const;

export const eventTypes = [
  'registered',
  'logged_in',
  'login_failed',
  'login_locked',
  'login_unlocked',
  'refresh_reused',
  'logged_out',
  'session_ended',
  'password_refused',
  'password_changed',
  'password_reset',
  'password_reset_issued',
  'email_verified',
  'email_changed',
  ...accountEventTypes,
  'signing_key_created',
  'signing_key_retired',
  'signing_keys_resealed',
] as const;

export type EventType = (typeof eventTypes)[number];

/** Who does something, and from where. An operator, the system and a stranger have no id. */
export interface Author {
  actorId: string | null;
  address: string | null;
  userAgent: string | null;
}

/** The value before and after a change, the session or key that the event is about, and why something was refused. */
export interface EventDetails {
  from?: string;
  to?: string;
  sessionId?: string;
  keyId?: string;
  reason?: string;
}

/**
 * An event of the audit trail. One that records a change is kept in the changed document, and written together with the
 * change, until a worker moves it to the trail.
 */
export interface EventIntent extends Author {
  id: string;
  type: EventType;
  at: Date;
  /** The account that the event is about, if there is one. */
  userId: string | null;
  details: EventDetails;
}

/** An operator, or the system itself. */
export const system: Author = { actorId: null, address: null, userAgent: null };

export const authorOf = (
  actorId: string | null,
  { ip, userAgent }: { ip?: string | null; userAgent?: string | null },
): Author => ({ actorId, address: ip ?? null, userAgent: userAgent ?? null });

export const newEvent = (
  type: EventType,
  userId: string | null,
  author: Author,
  at: Date,
  details: EventDetails = {},
): EventIntent => ({ id: randomUUID(), type, at, userId, ...author, details });

/** The part of an update that adds events. */
export const withEvents = (events: EventIntent[]) => ({ $push: { events: { $each: events } } });

/** The stage of an update pipeline that adds an event. */
export const withEventInPipeline = (event: EventIntent) => ({
  $set: { events: { $concatArrays: [{ $ifNull: ['$events', []] }, [{ $literal: event }]] } },
});

/** The part of an update that adds mails and events. */
export const withMailsAndEvents = (mails: MailIntent[], events: EventIntent[]) => ({
  $push: { ...withMails(mails).$push, ...withEvents(events).$push },
});

/** What an event keeps when its account is erased. */
export const withoutPersonalData = (event: EventIntent): EventIntent => ({
  ...event,
  address: null,
  userAgent: null,
  details: {},
});
