import { Problem, retryOnConflict } from '@polyglot-notes/service-kit';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { invalidRefreshToken } from '../credentials/problems.ts';
import type { KnownDevices } from '../login-locks/known-devices.ts';
import { networkOf } from '../login-locks/network.ts';
import { createLiveAccount } from './live-account.ts';
import { nextToken, parseToken, sealSuccessor, type RefreshToken } from './refresh-token.ts';
import { expiryAfterUse, type SessionLimits } from './session-limits.ts';
import type { Device, Session } from './session.model.ts';
import type { SessionsRepository } from './sessions.repository.ts';
import type { IssuePair } from './token-pair.ts';
import { recentlySpent, type ValidToken } from './valid-token.ts';

// Bounds the document of a session whose client refreshes without a pause.
const maxSpent = 20;

export interface Dependencies {
  sessions: Pick<SessionsRepository, 'findByLocator' | 'rotate'>;
  credentials: Pick<CredentialsRepository, 'findUsable'>;
  validToken: ValidToken;
  knownDevices: Pick<KnownDevices, 'renew'>;
  issuePair: IssuePair;
  sessionLimits: SessionLimits;
  clock: () => Date;
}

/**
 * Exchanges a refresh token for new tokens. Each token is replaced once, so the chain never forks. A token that was spent
 * within the grace period returns the current tokens. After twenty replacements within the grace period, the current token
 * is returned until one of them is older.
 */
export function createRefresh(dependencies: Dependencies) {
  const { sessions, validToken, knownDevices, issuePair, sessionLimits, clock } = dependencies;
  const liveAccount = createLiveAccount(dependencies);

  /** Undefined when another request was faster. */
  async function replace(session: Session, token: RefreshToken, device: Device) {
    const now = clock();
    const recent = recentlySpent(session, sessionLimits, now);
    if (recent.length >= maxSpent) return token;
    if (isNewUse(session, device, now)) await knownDevices.renew(session.userId, device.ip);
    const next = nextToken(token);
    const spent = { hash: token.hash, sealedSuccessor: sealSuccessor(token, next), spentAt: now };
    const isReplaced = await sessions.rotate(session, {
      ...device,
      tokenHash: next.hash,
      spent: sessionLimits.graceMs > 0 ? [...recent, spent] : [],
      lastUsedAt: now,
      expiresAt: expiryAfterUse(session, sessionLimits, now),
    });
    return isReplaced ? next : undefined;
  }

  async function attempt(token: RefreshToken, device: Device) {
    const session = await sessions.findByLocator(token.locatorHash);
    if (session === null) throw new Problem(invalidRefreshToken);
    await liveAccount(session);
    const valid = await validToken(session, token, device);
    const current = valid === token ? await replace(session, token, device) : valid;
    // Read again: a revocation that was answered meanwhile must be effective.
    return current && issuePair(await liveAccount(session), session, current);
  }

  return async (text: string, device: Device) => {
    const token = parseToken(text);
    if (token === undefined) throw new Problem(invalidRefreshToken);
    return retryOnConflict(() => attempt(token, device));
  };
}

/** Whether a device uses a session in another network or on another day (UTC) than the session was used last. */
const isNewUse = ({ ip, lastUsedAt }: Session, device: Device, now: Date): boolean =>
  networkOf(ip) !== networkOf(device.ip) || dayOf(lastUsedAt) !== dayOf(now);

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
