import type { Credential } from '../credentials/credential.model.ts';
import type { SessionsRepository } from './sessions.repository.ts';

interface Dependencies {
  sessions: Pick<SessionsRepository, 'end'>;
  announceEndedSession: (id: string) => Promise<void>;
}

export type EndSession = ReturnType<typeof createEndSession>;

/** Ends a session of the account and announces it to user-service. False when there is no such session. */
export const createEndSession =
  ({ sessions, announceEndedSession }: Dependencies) =>
  async (account: Credential, id: string): Promise<boolean> => {
    const hasEnded = await sessions.end(account, id);
    if (hasEnded) await announceEndedSession(id);
    return hasEnded;
  };
