import { DivergedError } from '@polyglot-notes/service-kit';
import type { UserService } from '../clients/user-service.ts';
import { accessVersion, type Credential } from '../credentials/credential.model.ts';

interface Dependencies {
  deliveries: { confirm(credential: Credential): Promise<void> };
  userService: Pick<UserService, 'putProfile'>;
  cancelRegistration: (credential: Credential) => Promise<void>;
}

/**
 * Delivers the state of a credential to user-service and confirms the delivery. A registration that was not completed is
 * cancelled. Idempotent. Throws a DivergedError when user-service stores another state, as after a restored backup.
 */
export const createDeliverCredential =
  ({ deliveries, userService, cancelRegistration }: Dependencies) =>
  async (credential: Credential): Promise<void> => {
    const { _id: id, state, profileVersion, email, emailVerified } = credential;
    if (state !== 'active') {
      await cancelRegistration(credential);
      return;
    }
    const desired = { profileVersion, email, emailVerified, accessVersion: accessVersion(credential) };
    const stored = await userService.putProfile(id, desired);
    if (stored.state === 'present') {
      const isApplied =
        stored.profileVersion === profileVersion &&
        stored.user.email === email &&
        stored.user.emailVerified === emailVerified &&
        stored.accessVersion >= desired.accessVersion;
      if (!isApplied) throw new DivergedError('user-service stores a different or later profile');
    }
    await deliveries.confirm(credential);
  };
