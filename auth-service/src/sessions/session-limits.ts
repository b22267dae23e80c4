import type { Session } from './session.model.ts';

/** How long sessions live and how long a spent refresh token may be repeated, in milliseconds. */
export interface SessionLimits {
  idleMs: number;
  maxMs: number;
  graceMs: number;
}

/** The time after which a session cannot be refreshed, however often it is used. */
export const latestEnd = ({ createdAt }: Pick<Session, 'createdAt'>, { maxMs }: SessionLimits): Date =>
  new Date(createdAt.getTime() + maxMs);

/** When a session that is used now ends unless it is used again. */
export const expiryAfterUse = (session: Pick<Session, 'createdAt'>, limits: SessionLimits, now: Date): Date =>
  new Date(Math.min(now.getTime() + limits.idleMs, latestEnd(session, limits).getTime()));
