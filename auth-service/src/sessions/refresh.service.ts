import { Problem, retryOnConflict, type Logger } from '@polyglot-notes/service-kit';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { invalidRefreshToken, refreshTokenReused } from '../credentials/problems.ts';
import type { EndSession } from './end-session.ts';
import { nextToken, openSuccessor, parseToken, sealSuccessor, type RefreshToken } from './refresh-token.ts';
import { expiryAfterUse, type SessionLimits } from './session-limits.ts';
import { isOfAccount, isUnended, type Device, type Session } from './session.model.ts';
import type { SessionsRepository } from './sessions.repository.ts';
import type { IssuePair } from './token-pair.ts';

// The most spent tokens of a session that a client may repeat within the grace period.
const maxSpent = 20;

export interface Dependencies {
  sessions: Pick<SessionsRepository, 'findByLocator' | 'rotate'>;
  credentials: Pick<CredentialsRepository, 'findUsable'>;
  endSession: EndSession;
  issuePair: IssuePair;
  sessionLimits: SessionLimits;
  log: Logger;
  clock: () => Date;
}

/**
 * Exchanges a refresh token for new tokens. Each token is replaced once, so the chain never forks. A token that was spent
 * within the grace period returns the current tokens; one that was spent earlier has been stolen, or its successor has,
 * and ends the session.
 */
export function createRefresh(dependencies: Dependencies) {
  const { sessions, credentials, endSession, issuePair, sessionLimits, log, clock } = dependencies;

  const graceBegin = () => new Date(clock().getTime() - sessionLimits.graceMs);

  async function rotate(session: Session, token: RefreshToken, device: Device) {
    const now = clock();
    const next = nextToken(token);
    const spent = { hash: token.hash, sealedSuccessor: sealSuccessor(token, next), spentAt: now };
    const isRotated = await sessions.rotate(session, {
      ...device,
      tokenHash: next.hash,
      spent: [...session.spent, spent].filter(({ spentAt }) => spentAt > graceBegin()).slice(-maxSpent),
      lastUsedAt: now,
      expiresAt: expiryAfterUse(session, sessionLimits, now),
    });
    return isRotated ? next : undefined;
  }

  /** Undefined when another request was faster. */
  async function attempt(token: RefreshToken, device: Device) {
    const session = await sessions.findByLocator(token.locatorHash);
    if (session === null || !isUnended(session, clock())) throw new Problem(invalidRefreshToken);
    const isCurrent = session.tokenHash === token.hash;
    const current = isCurrent
      ? await rotate(session, token, device)
      : currentToken(session, token, graceBegin());
    if (isCurrent && current === undefined) return undefined;
    // Read after the rotation: what an earlier answer has revoked is refused.
    const account = await credentials.findUsable(session.userId);
    if (account === null || !isOfAccount(session, account)) throw new Problem(invalidRefreshToken);
    if (current !== undefined) return issuePair(account, session, current);
    if (await endSession(session._id))
      log.warn({ userId: account._id, sessionId: session._id }, 'a spent refresh token ended its session');
    throw new Problem(refreshTokenReused);
  }

  return async (text: string, device: Device) => {
    const token = parseToken(text);
    if (token === undefined) throw new Problem(invalidRefreshToken);
    return retryOnConflict(() => attempt(token, device));
  };
}

/** The valid token of the session, found from `token` over its successors. Undefined if one was spent before `since`. */
function currentToken(session: Session, token: RefreshToken, since: Date): RefreshToken | undefined {
  let found = token;
  for (const { hash, sealedSuccessor, spentAt } of session.spent) {
    if (hash === found.hash && spentAt > since) found = openSuccessor(found, sealedSuccessor);
  }
  return found.hash === session.tokenHash ? found : undefined;
}
