import type { Logger } from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { KnownDevices } from './known-devices.ts';
import type { LoginLocks } from './login-locks.ts';

interface TrustDependencies {
  knownDevices: Pick<KnownDevices, 'forgetAll' | 'remember'>;
  log: Logger;
}

type Address = string | null | undefined;

/**
 * Makes an address the only known one of an account whose password is new: the others may be those of a thief of the earlier
 * password. A failure is only logged, because the new password is stored already.
 */
export const createTrustOnly =
  ({ knownDevices, log }: TrustDependencies) =>
  async (userId: string, address: Address): Promise<void> => {
    try {
      await knownDevices.forgetAll(userId);
      await knownDevices.remember(userId, address);
    } catch (err) {
      log.error({ err, userId }, 'the known devices of an account could not be replaced');
    }
  };

interface Dependencies extends TrustDependencies {
  loginLocks: Pick<LoginLocks, 'clear'>;
}

/**
 * Lets the owner of a mailbox, who has set a new password, log in from an address, whatever others do. A failure is only
 * logged.
 */
export function createUnlock(dependencies: Dependencies) {
  const { loginLocks, log } = dependencies;
  const trustOnly = createTrustOnly(dependencies);
  return async (account: Credential, address: Address): Promise<void> => {
    await trustOnly(account._id, address);
    try {
      await loginLocks.clear(account);
      log.info({ userId: account._id }, 'login locks ended by the owner of the mailbox');
    } catch (err) {
      log.error({ err, userId: account._id }, 'the login locks of an account could not be ended');
    }
  };
}
