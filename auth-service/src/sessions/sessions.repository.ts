import { revocationRetentionSeconds } from '@polyglot-notes/service-kit';
import { sessionVersion, type Credential } from '../credentials/credential.model.ts';
import { withEvents, type EventIntent } from '../credentials/event-intents.ts';
import type { Session, SessionModel } from './session.model.ts';

// The revocation feed reads ended sessions.
const endedMs = revocationRetentionSeconds * 1_000;

// DocumentDB would also read the entries of all sessions in the indexes of `revokedAt` and `expiresAt`.
const byUser = { userId: 1 } as const;

export interface Position {
  createdAt: Date;
  id: string;
}

interface Window {
  after: Position | undefined;
  offset: number;
  limit: number;
}

/** The fields that a use of the session changes. */
export type Use = Pick<Session, 'tokenHash' | 'userAgent' | 'ip' | 'lastUsedAt' | 'expiresAt'>;

export type SessionsRepository = ReturnType<typeof createSessionsRepository>;

export function createSessionsRepository(sessions: SessionModel, { clock }: { clock: () => Date }) {
  const unended = () => ({ revokedAt: null, expiresAt: { $gt: clock() } });

  /** The sessions that can still be used. */
  const liveOf = (account: Credential) => ({
    userId: account._id,
    ...unended(),
    sessionVersion: sessionVersion(account),
  });

  const after = (position: Position | undefined) =>
    position === undefined
      ? {}
      : {
          $or: [
            { createdAt: { $lt: position.createdAt } },
            { createdAt: position.createdAt, _id: { $lt: position.id } },
          ],
        };

  /** The part of an update that leaves of a session what its revocation needs. */
  const ended = () => ({
    $set: { expiresAt: new Date(clock().getTime() + endedMs), spent: [] },
    $unset: { userAgent: 1 as const, ip: 1 as const },
  });

  const isDone = ({ matchedCount }: { matchedCount: number }) => matchedCount === 1;

  return {
    ...createReads(sessions, { liveOf, after, unended }),

    async insert(session: Session): Promise<void> {
      await sessions.create(session);
    },

    /** Ends the time in which the session is opened. False when it was ended or removed. */
    open: async (id: string, expiresAt: Date, events: EventIntent[]): Promise<boolean> =>
      isDone(
        await sessions.updateOne({ _id: id, ...unended() }, { $set: { expiresAt }, ...withEvents(events) }),
      ),

    async remove(id: string): Promise<void> {
      await sessions.deleteOne({ _id: id });
    },

    async removeAll(userId: string): Promise<void> {
      await sessions.deleteMany({ userId });
    },

    /**
     * Removes the sessions that the account has ended. Their access tokens are revoked by the account. A session with an
     * event that is not in the audit trail yet loses its address and user agent, and expires soon.
     */
    async removeEarlier(account: Credential): Promise<void> {
      const earlier = { userId: account._id, sessionVersion: { $lt: sessionVersion(account) } };
      await sessions.deleteMany({ ...earlier, 'events.0': { $exists: false } });
      await sessions.updateMany(earlier, ended());
    },

    /** Replaces the valid token. False when another request has replaced it, or the session has ended. */
    rotate: async (
      { _id, tokenHash }: Pick<Session, '_id' | 'tokenHash'>,
      use: Use & Pick<Session, 'spent'>,
    ): Promise<boolean> => isDone(await sessions.updateOne({ _id, tokenHash, ...unended() }, { $set: use })),

    /** Gives a session another chain of refresh tokens. False when the session has ended. */
    renew: async (
      id: string,
      renewal: Use & Pick<Session, 'locatorHash' | 'sessionVersion'>,
    ): Promise<boolean> =>
      isDone(await sessions.updateOne({ _id: id, ...unended() }, { $set: { ...renewal, spent: [] } })),

    /** Ends a session. False when there is none or it has ended. */
    end: async (id: string, event: EventIntent): Promise<boolean> =>
      isDone(
        await sessions.updateOne(
          { _id: id, ...unended() },
          { ...ended(), $currentDate: { revokedAt: true }, ...withEvents([event]) },
        ),
      ),
  };
}

interface Filters {
  liveOf: (account: Credential) => object;
  after: (position: Position | undefined) => object;
  unended: () => object;
}

const createReads = (sessions: SessionModel, { liveOf, after, unended }: Filters) => ({
  findByLocator: (locatorHash: string): Promise<Session | null> =>
    sessions.findOne({ locatorHash }).lean<Session>().exec(),

  /** The session if it was not ended and has not expired. Its account may have ended it all the same. */
  findUnended: (id: string): Promise<Session | null> =>
    sessions
      .findOne({ _id: id, ...unended() })
      .lean<Session>()
      .exec(),

  /** The live sessions of an account, the latest first. */
  page: (account: Credential, window: Window): Promise<Session[]> =>
    sessions
      .find({ $and: [liveOf(account), after(window.after)] })
      .sort({ createdAt: -1, _id: -1 })
      .skip(window.offset)
      .limit(window.limit)
      .hint(byUser)
      .lean<Session[]>()
      .exec(),

  count: (account: Credential): Promise<number> =>
    sessions.countDocuments(liveOf(account)).hint(byUser).exec(),

  /** The ids of all live sessions but the `count` that were used last. */
  async leastRecent(account: Credential, count: number): Promise<string[]> {
    const found = await sessions
      .find(liveOf(account))
      .sort({ lastUsedAt: -1, _id: -1 })
      .skip(count)
      .hint(byUser)
      .select('_id')
      .lean<{ _id: string }[]>()
      .exec();
    return found.map(({ _id }) => _id);
  },
});
