import { newEvent, type Author, type EventDetails, type EventType } from '../credentials/event-intents.ts';
import type { SessionsRepository } from './sessions.repository.ts';

interface Dependencies {
  sessions: Pick<SessionsRepository, 'end'>;
  announceEndedSession: (id: string) => Promise<void>;
  clock: () => Date;
}

/** Who ends a session, and how. */
export interface Ending {
  type: Extract<EventType, 'logged_out' | 'session_ended' | 'refresh_reused'>;
  author: Author;
  details?: EventDetails;
}

export type EndSession = ReturnType<typeof createEndSession>;

/** Ends a session and announces it to user-service. A repeat returns false, and announces it again. */
export const createEndSession =
  ({ sessions, announceEndedSession, clock }: Dependencies) =>
  async (
    { id, userId }: { id: string; userId: string },
    { type, author, details }: Ending,
  ): Promise<boolean> => {
    const event = newEvent(type, userId, author, clock(), { sessionId: id, ...details });
    const hasEnded = await sessions.end(id, event);
    await announceEndedSession(id);
    return hasEnded;
  };
