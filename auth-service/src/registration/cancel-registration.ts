import type { Credential } from '../credentials/credential.model.ts';
import type { RegistrationRepository } from './registration.repository.ts';

interface Dependencies {
  registrations: Pick<RegistrationRepository, 'cancel' | 'removeCancelled'>;
  userService: { removeProfile(id: string): Promise<void> };
}

export type CancelRegistration = ReturnType<typeof createCancelRegistration>;

/**
 * Cancels a registration: user-service confirms that there is no profile, now and later, and the email becomes
 * available. Does nothing when another attempt has resumed the registration.
 */
export const createCancelRegistration =
  ({ registrations, userService }: Dependencies) =>
  async (credential: Credential): Promise<void> => {
    const { _id: id, state } = credential;
    if (state !== 'cancelling' && (await registrations.cancel(credential)) === null) return;
    await userService.removeProfile(id);
    await registrations.removeCancelled(id);
  };
