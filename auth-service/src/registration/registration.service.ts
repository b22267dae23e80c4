import {
  Problem,
  retryOnConflict,
  ServiceUnreachableError,
  type BackgroundWork,
} from '@polyglot-notes/service-kit';
import type { UserService } from '../clients/user-service.ts';
import type { EmailVerification } from '../config.ts';
import { accessVersion, type Credential } from '../credentials/credential.model.ts';
import { authorOf, system } from '../credentials/event-intents.ts';
import { usernameTaken } from '../credentials/problems.ts';
import type { Device } from '../sessions/session.model.ts';
import { createClaimEmail, type Dependencies as ClaimDependencies } from './claim-email.ts';
import type { Registration } from './registration.schemas.ts';
import { usernameCandidates } from './usernames.ts';

interface Dependencies extends ClaimDependencies {
  userService: UserService;
  relay: { attempt(credential: Credential): Promise<unknown> };
  mailRelay: { wake(): void };
  emailVerification: EmailVerification;
  background: BackgroundWork;
}

interface Options {
  /** Whether the operator says whose email it is. */
  isConfirmed?: boolean;
  /** The device that registers. An operator has none. */
  device?: Device;
}

export type Register = ReturnType<typeof createRegistrationService>['register'];

/**
 * Registration over two databases: the credential is written as `pending`, user-service makes the profile, the
 * credential becomes `active`. A failed attempt is cancelled. After a crash, the next attempt with the same email and
 * password resumes the registration, or the relay cancels it.
 */
export function createRegistrationService(dependencies: Dependencies) {
  const { registrations, userService, relay, mailRelay, emailVerification, background } = dependencies;
  const { claimEmail, lost } = createClaimEmail(dependencies);

  const register = (registration: Registration, options: Options = {}) =>
    retryOnConflict(() => attempt(registration, options));

  /** Undefined when another process cancelled the registration meanwhile: the email is available again. */
  async function attempt(
    { email, password, username }: Registration,
    { isConfirmed = false, device }: Options,
  ) {
    const account = await claimEmail({ email, password, isConfirmed });
    if (account === undefined) return undefined;
    try {
      const user = await createProfile(account, username);
      if (user === undefined) return undefined;
      const isToConfirm = emailVerification !== 'off' && !account.emailVerified;
      const author = device === undefined ? system : authorOf(account._id, device);
      const activated = await registrations.activate(account, isToConfirm, author);
      if (activated === null) return await lost(account);
      mailRelay.wake();
      return { user };
    } catch (error) {
      await cancel(account, error);
      throw error;
    }
  }

  async function createProfile(account: Credential, chosen: string | undefined) {
    const { _id: id, profileVersion, email, emailVerified } = account;
    const desired = { profileVersion, email, emailVerified, accessVersion: accessVersion(account) };
    let isFirst = true;
    for (const username of usernameCandidates(email, chosen)) {
      if (!isFirst && (await registrations.extendLease(account)) === null) return lost(account);
      isFirst = false;
      const stored = await userService.putProfile(id, { ...desired, username });
      if (stored.state === 'present') return stored.user;
      if (stored.state === 'absent') return lost(account);
    }
    throw new Problem(usernameTaken);
  }

  /** Cancels a failed registration unless another attempt took it over. Where a profile may exist, that ends in the background. */
  async function cancel(account: Credential, error: unknown): Promise<void> {
    const cancelled = await registrations.cancel(account);
    if (cancelled === null) return;
    const hasNoProfile =
      (error instanceof ServiceUnreachableError && !error.mayHaveArrived) ||
      (error instanceof Problem && error.type === usernameTaken);
    const isFirstAttempt = account.profileVersion === 1;
    if (isFirstAttempt && hasNoProfile) await registrations.removeCancelled(account._id);
    else
      background.run('a cancellation could not be attempted', async () => {
        await relay.attempt(cancelled);
      });
  }

  return { register };
}
