import type { Logger } from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { KnownDevices } from './known-devices.ts';
import type { LoginLocks } from './login-locks.ts';

interface Dependencies {
  knownDevices: Pick<KnownDevices, 'forgetAll' | 'remember'>;
  loginLocks: Pick<LoginLocks, 'clear'>;
  log: Logger;
}

/**
 * Lets the owner of a mailbox, who has proved to be it, log in from an address, whatever others do. No other network is known then. A failure is only
 * logged: the change that the owner made is stored already.
 */
export const createUnlock =
  ({ knownDevices, loginLocks, log }: Dependencies) =>
  async (account: Credential, ip: string | null | undefined): Promise<void> => {
    try {
      // The networks may be those of a thief of the earlier password.
      await knownDevices.forgetAll(account._id);
      await knownDevices.remember(account._id, ip);
      await loginLocks.clear(account);
      log.info({ userId: account._id }, 'login locks ended by the owner of the mailbox');
    } catch (err) {
      log.error({ err, userId: account._id }, 'the login locks of an account could not be ended');
    }
  };
