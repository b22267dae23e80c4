import { randomUUID } from 'node:crypto';
import { sessionVersion, type Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { authorOf, newEvent, system } from '../credentials/event-intents.ts';
import type { KnownDevices } from '../login-locks/known-devices.ts';
import type { EndSession } from './end-session.ts';
import { firstToken } from './refresh-token.ts';
import { expiryAfterUse, type SessionLimits } from './session-limits.ts';
import { isOfAccount, type Device, type Session } from './session.model.ts';
import type { SessionsRepository } from './sessions.repository.ts';
import type { IssuePair } from './token-pair.ts';

const maxSessions = 100;
// A session whose opening was interrupted removes itself after this time.
const openingMs = 60_000;

interface Dependencies {
  sessions: SessionsRepository;
  credentials: Pick<CredentialsRepository, 'findUsable'>;
  endSession: EndSession;
  knownDevices: Pick<KnownDevices, 'remember'>;
  issuePair: IssuePair;
  sessionLimits: SessionLimits;
  clock: () => Date;
}

const tooMany = { type: 'session_ended', author: system, details: { reason: 'too_many' } } as const;

interface Options {
  /** Whether the user has logged in, and not just registered. */
  isLogin?: boolean;
  onNewDevice?: () => void;
}

export type OpenSession = ReturnType<typeof createOpenSession>;

/** Opens a session for a user who has proved the account. Of more than a hundred, the least recently used ends. */
export function createOpenSession(dependencies: Dependencies) {
  const { sessions, credentials, endSession, knownDevices, issuePair, sessionLimits, clock } = dependencies;

  async function endLeastRecent(account: Credential): Promise<void> {
    await sessions.removeEarlier(account);
    for (const id of await sessions.leastRecent(account, maxSessions))
      await endSession({ id, userId: account._id }, tooMany);
  }

  /** The tokens of the session. Undefined when the account has changed since it was read. */
  return async (account: Credential, device: Device, { isLogin = false, onNewDevice }: Options = {}) => {
    const now = clock();
    const token = firstToken();
    const session = {
      _id: randomUUID(),
      userId: account._id,
      sessionVersion: sessionVersion(account),
      locatorHash: token.locatorHash,
      tokenHash: token.hash,
      spent: [],
      ...device,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + openingMs),
    };
    await sessions.insert(session);
    // A deletion or revocation in between has not seen the session.
    const current = await credentials.findUsable(account._id);
    if (current === null || !isOfAccount(session, current)) {
      await sessions.remove(session._id);
      return undefined;
    }
    await endLeastRecent(current);
    // Before the session is open: if the process dies in between, no open session of a lost answer stays.
    if (await knownDevices.remember(account._id, device.ip)) onNewDevice?.();
    const isOpen = await sessions.open(
      session._id,
      expiryAfterUse(session, sessionLimits, now),
      isLogin ? [loggedIn(session, device)] : [],
    );
    if (!isOpen) return undefined;
    return issuePair(current, session, token);
  };
}

const loggedIn = ({ _id: sessionId, userId, createdAt }: Session, device: Device) =>
  newEvent('logged_in', userId, authorOf(userId, device), createdAt, { sessionId });
