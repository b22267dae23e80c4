import type { BackgroundWork } from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { Lock } from '../login-locks/login-locks.ts';
import type { PasswordsRepository } from '../passwords/passwords.repository.ts';
import { deviceName } from '../sessions/device-name.ts';
import type { Device } from '../sessions/session.model.ts';

interface Dependencies {
  passwordChanges: Pick<PasswordsRepository, 'requestReset'>;
  mailRelay: { wake(): void };
  background: BackgroundWork;
  /** Whether owners hear of logins from new devices. */
  warnsOfNewDevices: boolean;
}

const notRequested = 'a mail that warns the owner of an account could not be requested';

export type WarnOwner = ReturnType<typeof createWarnOwner>;

/** Mails to the owner of an account with a token for a new password. They are requested after the answer to the caller. */
export function createWarnOwner(dependencies: Dependencies) {
  const { passwordChanges, mailRelay, background, warnsOfNewDevices } = dependencies;
  const request = (...mail: Parameters<PasswordsRepository['requestReset']>) =>
    background.queue(notRequested, async () => {
      if (await passwordChanges.requestReset(...mail)) mailRelay.wake();
    });

  return {
    /** Only the first of several locks in a row is told. */
    ofLock({ account, isFirst }: Lock): void {
      if (account !== null && isFirst) request(account, 'loginLocked');
    },

    ofNewDevice(account: Credential, { userAgent, ip }: Device): void {
      if (!warnsOfNewDevices) return;
      const device = `${deviceName(userAgent) ?? 'an unknown program'}, address ${ip ?? 'unknown'}`;
      request(account, 'newDevice', { device });
    },
  };
}
