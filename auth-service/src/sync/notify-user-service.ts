import type { BackgroundWork } from '@polyglot-notes/service-kit';
import type { UserService } from '../clients/user-service.ts';
import type { Credential } from '../credentials/credential.model.ts';
import { waitBriefly } from './wait-briefly.ts';

interface Dependencies {
  relay: { attempt(credential: Credential): Promise<unknown> };
  userService: Pick<UserService, 'endSession'>;
  background: BackgroundWork;
}

/** Tells user-service at once what it needs to refuse revoked tokens. Each call waits for a second at most. */
export const createNotifyUserService = ({ relay, userService, background }: Dependencies) => ({
  /** Delivers a changed credential. The relay repeats it until it is confirmed. */
  notifyUserService: (credential: Credential): Promise<void> =>
    waitBriefly(background, 'a credential could not be delivered', () => relay.attempt(credential)),

  /** Announces an ended session. If that fails, user-service learns of it from the revocation feed. */
  announceEndedSession: (id: string): Promise<void> =>
    waitBriefly(background, 'an ended session could not be announced to user-service', () =>
      userService.endSession(id),
    ),
});
