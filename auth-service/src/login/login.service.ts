import { Problem, retryOnConflict, type BackgroundWork } from '@polyglot-notes/service-kit';
import type { EmailVerification } from '../config.ts';
import type { Credential } from '../credentials/credential.model.ts';
import { authorOf } from '../credentials/event-intents.ts';
import { accountDeactivated, emailNotVerified, invalidCredentials } from '../credentials/problems.ts';
import type { RecordRefusal } from '../events/record-refusal.ts';
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
  recordRefusal: RecordRefusal;
  openSession: OpenSession;
  emailVerification: EmailVerification;
  warnOwner: Pick<WarnOwner, 'ofNewDevice'>;
}

/** Logs in with an email and a password. An unknown email and a wrong password give the same answer in the same time. */
export function createLogIn(dependencies: Dependencies) {
  const { credentials, passwords, passwordChanges, recordRefusal, openSession } = dependencies;
  const { warnOwner, background } = dependencies;
  const check = createCheck(dependencies);

  /** Hashes the password again when the cost has changed: only a login has it in the clear. */
  function upgradeHash(account: Credential, password: string): void {
    if (!passwords.isOutdated(account.passwordHash)) return;
    background.run('a password hash could not be upgraded', async () =>
      passwordChanges.rehash(account, await passwords.hash(password)),
    );
  }

  /** Undefined when the account has changed meanwhile. */
  async function attempt(login: Login, device: Device) {
    const { email } = login;
    const found = await credentials.findByEmail(email);
    const author = authorOf(null, device);
    const account = await recordRefusal({ type: 'login_failed', account: found, author }, () =>
      check(found, login, device),
    );
    const isLogin = true;
    const onNewDevice = () => warnOwner.ofNewDevice(account, device);
    const tokens = await openSession(account, device, { isLogin, onNewDevice });
    if (tokens !== undefined) upgradeHash(account, login.password);
    const { _id: id, emailVerified, role } = account;
    return tokens && { user: { id, email, emailVerified, role }, ...tokens };
  }

  return (login: Login, device: Device) => retryOnConflict(() => attempt(login, device));
}

function createCheck({ passwords, loginLocks, emailVerification }: Dependencies) {
  /** Returns the account if the password is right and it may log in. */
  return async (
    account: Credential | null,
    { email, password }: Login,
    device: Device,
  ): Promise<Credential> => {
    const isRight = await loginLocks.guardLogin({ email, account, address: device.ip }, async () => {
      const matches = await passwords.matches(password, account?.passwordHash);
      return matches && account?.state === 'active';
    });
    if (!isRight || account === null) throw new Problem(invalidCredentials);
    if (account.status !== 'active') throw new Problem(accountDeactivated);
    if (emailVerification === 'required' && !account.emailVerified) throw new Problem(emailNotVerified);
    return account;
  };
}
