import { ServiceUnreachableError, type BackgroundWork, type Logger } from '@polyglot-notes/service-kit';
import type { UserService } from '../clients/user-service.ts';
import type { Credential } from '../credentials/credential.model.ts';
import { waitBriefly } from './wait-briefly.ts';

interface Dependencies {
  relay: { attempt(credential: Credential): Promise<unknown> };
  userService: Pick<UserService, 'endSession'>;
  background: BackgroundWork;
  log: Logger;
}

const notAnnounced = 'an ended session could not be announced to user-service';

/** Notifies user-service of revoked tokens at once. Each call waits for a second at most. */
export const createNotifyUserService = ({ relay, userService, background, log }: Dependencies) => ({
  /** Delivers a changed credential. The relay repeats it until it is confirmed. */
  notifyUserService: (credential: Credential): Promise<void> =>
    waitBriefly(background, 'a credential could not be delivered', () => relay.attempt(credential)),

  /** Announces an ended session. If that fails, user-service reads it from the revocation feed. */
  announceEndedSession: (id: string): Promise<void> =>
    waitBriefly(background, notAnnounced, async () => {
      try {
        await userService.endSession(id);
      } catch (error) {
        if (!(error instanceof ServiceUnreachableError)) throw error;
        log.warn({ err: error.cause }, notAnnounced);
      }
    }),
});
