import { Problem, type Logger } from '@polyglot-notes/service-kit';
import { authorOf } from '../credentials/event-intents.ts';
import { refreshTokenReused } from '../credentials/problems.ts';
import type { EndSession } from './end-session.ts';
import { openSuccessor, type RefreshToken } from './refresh-token.ts';
import type { SessionLimits } from './session-limits.ts';
import type { Device, Session } from './session.model.ts';

interface Dependencies {
  endSession: EndSession;
  sessionLimits: SessionLimits;
  log: Logger;
  clock: () => Date;
}

export type ValidToken = ReturnType<typeof createValidToken>;

/** The tokens of a session that were spent within the grace period. */
export const recentlySpent = ({ spent }: Session, { graceMs }: SessionLimits, now: Date) =>
  spent.filter(({ spentAt }) => now.getTime() < spentAt.getTime() + graceMs);

export const createValidToken =
  ({ endSession, sessionLimits, log, clock }: Dependencies) =>
  /**
   * The valid token of the session: `token` itself, or the one that has replaced it within the grace period. An earlier
   * one was stolen, or its successor was: it ends the session and throws `refresh_token_reused`.
   */
  async (session: Session, token: RefreshToken, device: Device): Promise<RefreshToken> => {
    let valid = token;
    for (const { hash, sealedSuccessor } of recentlySpent(session, sessionLimits, clock()))
      if (hash === valid.hash) valid = openSuccessor(valid, sealedSuccessor);
    if (valid.hash === session.tokenHash) return valid;
    const { _id: sessionId, userId } = session;
    const reuse = { type: 'refresh_reused', author: authorOf(null, device) } as const;
    if (await endSession({ id: sessionId, userId }, reuse))
      log.warn({ userId, sessionId }, 'a spent refresh token ended its session');
    throw new Problem(refreshTokenReused);
  };
