import { Problem } from '@polyglot-notes/service-kit';
import { accessVersion, type Credential } from '../credentials/credential.model.ts';
import { accountDeactivated, invalidCredentials } from '../credentials/problems.ts';
import type { Login } from './login.schemas.ts';

interface Dependencies {
  credentials: { findByEmail(email: string): Promise<Credential | null> };
  passwords: { matches(password: string, hash: string | undefined): Promise<boolean> };
}

/** Checks an email and a password. An unknown email and a wrong password give the same answer in the same time. */
export const createLoginService =
  ({ credentials, passwords }: Dependencies) =>
  async ({ email, password }: Login) => {
    const credential = await credentials.findByEmail(email);
    const matches = await passwords.matches(password, credential?.passwordHash);
    if (!matches || credential?.state !== 'active') throw new Problem(invalidCredentials);
    if (credential.status !== 'active') throw new Problem(accountDeactivated);
    const { _id: id, emailVerified, role } = credential;
    return { id, email, emailVerified, role, accessVersion: accessVersion(credential) };
  };
