import { randomUUID } from 'node:crypto';
import { Problem } from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { emailTaken } from '../credentials/problems.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { CancelRegistration } from './cancel-registration.ts';
import type { RegistrationRepository } from './registration.repository.ts';

export interface Dependencies {
  credentials: Pick<CredentialsRepository, 'find' | 'findByEmail'>;
  registrations: RegistrationRepository;
  cancelRegistration: CancelRegistration;
  passwords: Pick<PasswordHasher, 'hash' | 'matches'>;
  clock: () => Date;
}

interface Claim {
  email: string;
  password: string;
  /** Whether the operator says whose email it is. */
  isConfirmed: boolean;
}

/** Claims an email for one attempt to register. Of several attempts only the latest can end the registration. */
export function createClaimEmail(dependencies: Dependencies) {
  const { credentials, registrations, cancelRegistration, passwords, clock } = dependencies;

  /** A pending credential with this email that this attempt owns. Undefined when another request changed it. */
  async function claimEmail({ email, password, isConfirmed }: Claim): Promise<Credential | undefined> {
    const existing = await credentials.findByEmail(email);
    if (existing === null) {
      const passwordHash = await passwords.hash(password);
      const fresh = { ...newCredential(email, passwordHash, clock()), emailVerified: isConfirmed };
      return (await registrations.insert(fresh)) ?? undefined;
    }
    if (existing.state === 'cancelling') {
      await cancelRegistration(existing);
      return undefined;
    }
    const isResumable =
      existing.state === 'pending' && (await passwords.matches(password, existing.passwordHash));
    if (!isResumable) throw new Problem(emailTaken);
    return (await registrations.resume(existing, isConfirmed)) ?? lost(existing);
  }

  /**
   * Undefined when the registration was cancelled: it can start over. Throws `email_taken` when another attempt took it
   * over: of several attempts only the latest can end it.
   */
  async function lost({ _id }: Credential): Promise<undefined> {
    const current = await credentials.find(_id);
    if (current !== null && current.state !== 'cancelling') throw new Problem(emailTaken);
  }

  return { claimEmail, lost };
}

export const newCredential = (email: string, passwordHash: string, now: Date): Credential => ({
  _id: randomUUID(),
  state: 'pending',
  profileVersion: 1,
  email,
  emailVerified: false,
  passwordHash,
  passwordResets: [],
  emailConfirmations: [],
  emailChanges: [],
  role: 'user',
  status: 'active',
  accountVersion: 1,
  accessRevocations: 0,
  sessionRevocations: 0,
  passwordChanges: 0,
  createdAt: now,
});
