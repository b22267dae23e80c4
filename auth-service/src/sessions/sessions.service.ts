import { Problem, problems, readPage, type AccessTokenUser } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { authorOf } from '../credentials/event-intents.ts';
import { invalidRefreshToken } from '../credentials/problems.ts';
import { deviceName } from './device-name.ts';
import type { EndSession } from './end-session.ts';
import { createLiveAccount } from './live-account.ts';
import type { LogoutRepository } from './logout.repository.ts';
import { parseToken, type RefreshToken } from './refresh-token.ts';
import { isOfAccount, type Device, type Session } from './session.model.ts';
import type { SessionQuery } from './sessions.schemas.ts';
import type { SessionsRepository } from './sessions.repository.ts';
import type { ValidToken } from './valid-token.ts';

export interface Dependencies {
  sessions: SessionsRepository;
  credentials: Pick<CredentialsRepository, 'findUsable'>;
  logouts: LogoutRepository;
  endSession: EndSession;
  validToken: ValidToken;
  notifyUserService: (credential: Credential) => Promise<void>;
  clock: () => Date;
}

type User = Pick<AccessTokenUser, 'id' | 'sessionId'>;

const Position = z.tuple([z.coerce.date(), z.string()]);

/** The sessions of an account: where it is logged in, and how to log out. */
export function createSessionsService(dependencies: Dependencies) {
  const { sessions, credentials, logouts, endSession, validToken, notifyUserService } = dependencies;
  const liveAccount = createLiveAccount(dependencies);

  async function accountOf({ id }: Pick<User, 'id'>): Promise<Credential> {
    const account = await credentials.findUsable(id);
    if (account === null) throw new Problem(problems.tokenRevoked);
    return account;
  }

  /** The session that a refresh token belongs to, whether or not the token and the session are still valid. */
  async function sessionOf(refreshToken: string): Promise<{ session: Session; token: RefreshToken }> {
    const token = parseToken(refreshToken);
    const session = token && (await sessions.findByLocator(token.locatorHash));
    if (!session) throw new Problem(invalidRefreshToken);
    return { session, token };
  }

  async function logOutAll(userId: string, device: Device): Promise<boolean> {
    const account = await logouts.endAll(userId, authorOf(userId, device));
    if (account === null) return false;
    await notifyUserService(account);
    await sessions.removeEarlier(account);
    return true;
  }

  return {
    async list(user: User, { limit, cursor, page, total }: SessionQuery) {
      const account = await accountOf(user);
      const result = await readPage(
        { limit, cursor, page, total },
        {
          filter: user.id,
          position: Position,
          positionOf: ({ createdAt, _id }: Session): [Date, string] => [createdAt, _id],
          read: ({ after, ...window }) =>
            sessions.page(account, { ...window, after: after && { createdAt: after[0], id: after[1] } }),
          count: () => sessions.count(account),
        },
      );
      return { items: result.rows.map((session) => asItem(session, user)), page: result.page };
    },

    async end(user: User, id: string, device: Device): Promise<void> {
      const [account, session] = await Promise.all([accountOf(user), sessions.findUnended(id)]);
      const isOwn = session?.userId === user.id && isOfAccount(session, account);
      if (!isOwn) throw new Problem(problems.notFound);
      const { id: userId } = user;
      await endSession({ id, userId }, { type: 'session_ended', author: authorOf(userId, device) });
    },

    async logOut({ id: userId, sessionId: id }: User, device: Device): Promise<void> {
      await endSession({ id, userId }, { type: 'logged_out', author: authorOf(userId, device) });
    },

    async logOutAll({ id }: User, device: Device): Promise<void> {
      if (!(await logOutAll(id, device))) throw new Problem(problems.tokenRevoked);
    },

    /** Accepts every refresh token of the session since its last password change. A repeat does no harm. */
    async logOutWith(refreshToken: string, device: Device): Promise<void> {
      const { _id: id, userId } = (await sessionOf(refreshToken)).session;
      await endSession({ id, userId }, { type: 'logged_out', author: authorOf(userId, device) });
    },

    /** Throws `invalid_refresh_token`, and `refresh_token_reused` for a token that was spent earlier. */
    async logOutAllWith(refreshToken: string, device: Device): Promise<void> {
      const { session, token } = await sessionOf(refreshToken);
      const { _id: userId } = await liveAccount(session);
      await validToken(session, token, device);
      if (!(await logOutAll(userId, device))) throw new Problem(invalidRefreshToken);
    },
  };
}

const asItem = (session: Session, user: User) => ({
  id: session._id,
  current: session._id === user.sessionId,
  device: deviceName(session.userAgent),
  userAgent: session.userAgent ?? null,
  ip: session.ip ?? null,
  createdAt: session.createdAt.toISOString(),
  lastUsedAt: session.lastUsedAt.toISOString(),
  expiresAt: session.expiresAt.toISOString(),
});
