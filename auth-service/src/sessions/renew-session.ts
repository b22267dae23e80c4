import { sessionVersion, type Credential } from '../credentials/credential.model.ts';
import { firstToken } from './refresh-token.ts';
import { expiryAfterUse, type SessionLimits } from './session-limits.ts';
import type { Device } from './session.model.ts';
import type { SessionsRepository } from './sessions.repository.ts';
import type { IssuePair } from './token-pair.ts';

interface Dependencies {
  sessions: Pick<SessionsRepository, 'findUnended' | 'renew'>;
  issuePair: IssuePair;
  sessionLimits: SessionLimits;
  clock: () => Date;
}

export type RenewSession = ReturnType<typeof createRenewSession>;

/** Gives a session new tokens without one of the old. Every earlier refresh token of it is invalid, without a grace period. */
export const createRenewSession =
  ({ sessions, issuePair, sessionLimits, clock }: Dependencies) =>
  /** Undefined when the session has ended. */
  async (account: Credential, id: string, device: Device) => {
    const session = await sessions.findUnended(id);
    if (session === null) return undefined;
    const now = clock();
    const token = firstToken();
    const isRenewed = await sessions.renew(id, {
      ...device,
      locatorHash: token.locatorHash,
      tokenHash: token.hash,
      sessionVersion: sessionVersion(account),
      lastUsedAt: now,
      expiresAt: expiryAfterUse(session, sessionLimits, now),
    });
    return isRenewed ? issuePair(account, session, token) : undefined;
  };
