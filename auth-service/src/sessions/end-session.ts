import type { SessionsRepository } from './sessions.repository.ts';

interface Dependencies {
  sessions: Pick<SessionsRepository, 'end'>;
  announceEndedSession: (id: string) => Promise<void>;
}

export type EndSession = ReturnType<typeof createEndSession>;

/** Ends a session and announces it to user-service. A repeat returns false, and announces it again. */
export const createEndSession =
  ({ sessions, announceEndedSession }: Dependencies) =>
  async (id: string): Promise<boolean> => {
    const hasEnded = await sessions.end(id);
    await announceEndedSession(id);
    return hasEnded;
  };
