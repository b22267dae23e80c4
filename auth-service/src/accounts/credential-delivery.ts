import { setTimeout as delay } from 'node:timers/promises';
import { RetryLaterError, type BackgroundWork, type Relay } from '@polyglot-notes/service-kit';
import type { ProfileOutcome, UserService } from '../clients/user-service.ts';
import { accessVersion, type Credential } from './credential.model.ts';
import type { CredentialsRepository } from './credentials.repository.ts';

/** What has come of a delivery: user-service follows, or there is no such account (any more). */
export type Outcome = 'followed' | 'absent';

export type CredentialRelay = Relay<Credential, Outcome>;

interface Dependencies {
  credentials: CredentialsRepository;
  userService: UserService;
}

/**
 * Has user-service follow a credential as it is, and notes that it does; a registration that nobody carries on is
 * withdrawn. Whoever calls it twice, or for a credential that has moved on, does no harm.
 */
export const credentialDelivery = (dependencies: Dependencies) => {
  const { credentials, userService } = dependencies;

  return async (credential: Credential): Promise<Outcome> => {
    const { _id: id, state, version, email, emailVerified } = credential;
    if (state === 'active') {
      const minVer = accessVersion(credential);
      const held = await userService.putProfile(id, { version, email, emailVerified, minVer });
      if (
        held.state === 'present' &&
        isBehind(credential, held) &&
        (await credentials.redeliver(credential, held.version))
      )
        throw new RetryLaterError('user-service holds a later version, as after a restored backup');
      await credentials.confirm(credential);
      return held.state === 'present' ? 'followed' : 'absent';
    }
    const isWithdrawing = state === 'withdrawing' || (await credentials.withdraw(credential)) !== null;
    // Otherwise somebody has carried the registration on, whose it is now.
    if (isWithdrawing) await finishWithdrawal(id, dependencies);
    return 'absent';
  };
};

/** Whether user-service holds a later wish, or another by the same version: as after a restored backup. */
const isBehind = (
  credential: Credential,
  { version, minVer, user }: Extract<ProfileOutcome, { state: 'present' }>,
): boolean =>
  version > credential.version ||
  user.email !== credential.email ||
  user.emailVerified !== credential.emailVerified ||
  minVer < accessVersion(credential);

// It has heard within milliseconds if it can.
const tellMs = 1_000;

/**
 * Tells user-service of a credential that was changed, and waits for that a moment, so that it is so there as well when
 * the answer comes. What takes longer goes on after the answer, and what fails is the relay's.
 */
export const tellUserService =
  ({ relay, background }: { relay: CredentialRelay; background: BackgroundWork }) =>
  async (credential: Credential): Promise<void> => {
    const told = Promise.withResolvers<void>();
    background.run('user-service has not heard of a change', async () => {
      await relay.attempt(credential);
      told.resolve();
    });
    await Promise.race([told.promise, delay(tellMs, undefined, { ref: false })]);
  };

/** Makes sure that there is no profile, now and later, and gives the email free. */
export async function finishWithdrawal(
  id: string,
  { credentials, userService }: Dependencies,
): Promise<void> {
  await userService.removeProfile(id);
  await credentials.removeWithdrawn(id);
}
