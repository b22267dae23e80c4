import { Problem, retryOnConflict } from '@polyglot-notes/service-kit';
import type { EmailVerification } from '../config.ts';
import type { Credential } from '../credentials/credential.model.ts';
import { accountDeactivated, emailNotVerified, invalidCredentials } from '../credentials/problems.ts';
import type { OpenSession } from '../sessions/open-session.ts';
import type { Device } from '../sessions/session.model.ts';
import type { Login } from './login.schemas.ts';

export interface Dependencies {
  credentials: { findByEmail(email: string): Promise<Credential | null> };
  passwords: { matches(password: string, hash: string | undefined): Promise<boolean> };
  openSession: OpenSession;
  emailVerification: EmailVerification;
}

/** Logs in with an email and a password. An unknown email and a wrong password give the same answer in the same time. */
export function createLogIn({ credentials, passwords, openSession, emailVerification }: Dependencies) {
  /** Undefined when the account has changed meanwhile. */
  async function attempt({ email, password }: Login, device: Device) {
    const account = await credentials.findByEmail(email);
    const matches = await passwords.matches(password, account?.passwordHash);
    if (!matches || account?.state !== 'active') throw new Problem(invalidCredentials);
    if (account.status !== 'active') throw new Problem(accountDeactivated);
    if (emailVerification === 'required' && !account.emailVerified) throw new Problem(emailNotVerified);
    const tokens = await openSession(account, device);
    const { _id: id, emailVerified, role } = account;
    return tokens && { user: { id, email, emailVerified, role }, ...tokens };
  }

  return (login: Login, device: Device) => retryOnConflict(() => attempt(login, device));
}
