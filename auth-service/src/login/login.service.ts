import { Problem, retryOnConflict, type BackgroundWork } from '@polyglot-notes/service-kit';
import type { EmailVerification } from '../config.ts';
import type { Credential } from '../credentials/credential.model.ts';
import { accountDeactivated, emailNotVerified, invalidCredentials } from '../credentials/problems.ts';
import type { LoginLocks } from '../login-locks/login-locks.ts';
import type { WarnOwner } from './warn-owner.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { PasswordsRepository } from '../passwords/passwords.repository.ts';
import type { OpenSession } from '../sessions/open-session.ts';
import type { Device } from '../sessions/session.model.ts';
import type { Login } from './login.schemas.ts';

export interface Dependencies {
  credentials: { findByEmail(email: string): Promise<Credential | null> };
  passwords: Pick<PasswordHasher, 'matches' | 'hash' | 'isOutdated'>;
  passwordChanges: Pick<PasswordsRepository, 'rehash'>;
  background: BackgroundWork;
  loginLocks: Pick<LoginLocks, 'guardLogin'>;
  openSession: OpenSession;
  emailVerification: EmailVerification;
  warnOwner: Pick<WarnOwner, 'ofNewDevice'>;
}

/** Logs in with an email and a password. An unknown email and a wrong password give the same answer in the same time. */
export function createLogIn(dependencies: Dependencies) {
  const { credentials, passwords, loginLocks, openSession, warnOwner, emailVerification } = dependencies;
  const { passwordChanges, background } = dependencies;

  /** Hashes the password again when the cost has changed: only a login has it in the clear. */
  function upgradeHash(account: Credential, password: string): void {
    if (!passwords.isOutdated(account.passwordHash)) return;
    background.run('a password hash could not be upgraded', async () =>
      passwordChanges.rehash(account, await passwords.hash(password)),
    );
  }

  /** Undefined when the account has changed meanwhile. */
  async function attempt({ email, password }: Login, device: Device) {
    const account = await credentials.findByEmail(email);
    const isRight = await loginLocks.guardLogin({ email, account, address: device.ip }, async () => {
      const matches = await passwords.matches(password, account?.passwordHash);
      return matches && account?.state === 'active';
    });
    if (!isRight || account === null) throw new Problem(invalidCredentials);
    if (account.status !== 'active') throw new Problem(accountDeactivated);
    if (emailVerification === 'required' && !account.emailVerified) throw new Problem(emailNotVerified);
    const tokens = await openSession(account, device, () => warnOwner.ofNewDevice(account, device));
    if (tokens !== undefined) upgradeHash(account, password);
    const { _id: id, emailVerified, role } = account;
    return tokens && { user: { id, email, emailVerified, role }, ...tokens };
  }

  return (login: Login, device: Device) => retryOnConflict(() => attempt(login, device));
}
