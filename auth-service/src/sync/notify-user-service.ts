import { setTimeout as delay } from 'node:timers/promises';
import type { BackgroundWork } from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';

// A reachable user-service confirms within milliseconds.
const waitMs = 1_000;

interface Dependencies {
  relay: { attempt(credential: Credential): Promise<unknown> };
  background: BackgroundWork;
}

/**
 * Delivers a changed credential to user-service and waits for the confirmation for at most a second. After that, the
 * delivery continues in the background.
 */
export const createNotifyUserService =
  ({ relay, background }: Dependencies) =>
  async (credential: Credential): Promise<void> => {
    const attempted = Promise.withResolvers<void>();
    background.run('a credential could not be delivered', async () => {
      await relay.attempt(credential);
      attempted.resolve();
    });
    await Promise.race([attempted.promise, delay(waitMs, undefined, { ref: false })]);
  };
