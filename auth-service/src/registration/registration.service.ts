import { randomUUID } from 'node:crypto';
import {
  Problem,
  retryOnConflict,
  ServiceUnreachableError,
  type BackgroundWork,
} from '@polyglot-notes/service-kit';
import type { UserService } from '../clients/user-service.ts';
import { accessVersion, type Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { emailTaken, usernameTaken } from '../credentials/problems.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { CancelRegistration } from './cancel-registration.ts';
import type { RegistrationRepository } from './registration.repository.ts';
import type { Registration } from './registration.schemas.ts';
import { usernameCandidates } from './usernames.ts';

export interface Dependencies {
  credentials: Pick<CredentialsRepository, 'find' | 'findByEmail'>;
  registrations: RegistrationRepository;
  cancelRegistration: CancelRegistration;
  passwords: PasswordHasher;
  userService: UserService;
  relay: { attempt(credential: Credential): Promise<unknown> };
  background: BackgroundWork;
  clock: () => Date;
}

/**
 * Registration over two databases: the credential is written as `pending`, user-service makes the profile, the
 * credential becomes `active`. A failed attempt is cancelled. After a crash, the next attempt with the same email and
 * password resumes the registration, or the relay cancels it.
 */
export function createRegistrationService(dependencies: Dependencies) {
  const { credentials, registrations, cancelRegistration, passwords, userService } = dependencies;
  const { relay, background, clock } = dependencies;

  const register = (registration: Registration) => retryOnConflict(() => attempt(registration));

  /** Undefined when another process cancelled the registration meanwhile: the email is available again. */
  async function attempt({ email, password, username }: Registration) {
    const account = await claimEmail(email, password);
    if (account === undefined) return undefined;
    try {
      const user = await createProfile(account, username);
      if (user === undefined) return undefined;
      if ((await registrations.activate(account)) === null) return await lost(account);
      return { user, accessVersion: accessVersion(account) };
    } catch (error) {
      await cancel(account, error);
      throw error;
    }
  }

  /** A pending credential with this email that this attempt owns. Undefined when another request changed it. */
  async function claimEmail(email: string, password: string): Promise<Credential | undefined> {
    const existing = await credentials.findByEmail(email);
    if (existing === null) {
      const fresh = newCredential(email, await passwords.hash(password), clock());
      return (await registrations.insert(fresh)) ?? undefined;
    }
    if (existing.state === 'cancelling') {
      await cancelRegistration(existing);
      return undefined;
    }
    const isResumable =
      existing.state === 'pending' && (await passwords.matches(password, existing.passwordHash));
    if (!isResumable) throw new Problem(emailTaken);
    return (await registrations.resume(existing)) ?? lost(existing);
  }

  async function createProfile(account: Credential, chosen: string | undefined) {
    const { _id: id, profileVersion, email, emailVerified } = account;
    const desired = { profileVersion, email, emailVerified, accessVersion: accessVersion(account) };
    let isFirst = true;
    for (const username of usernameCandidates(email, chosen)) {
      if (!isFirst && (await registrations.extendLease(account)) === null) return lost(account);
      isFirst = false;
      const stored = await userService.putProfile(id, { ...desired, username });
      if (stored.state === 'present') return stored.user;
      if (stored.state === 'absent') return lost(account);
    }
    throw new Problem(usernameTaken);
  }

  /**
   * Undefined when the registration was cancelled: it can start over. Throws `email_taken` when another attempt took it
   * over: of several attempts only the latest can end it.
   */
  async function lost({ _id }: Credential): Promise<undefined> {
    const current = await credentials.find(_id);
    if (current !== null && current.state !== 'cancelling') throw new Problem(emailTaken);
  }

  /** Cancels a failed registration unless another attempt took it over. Where a profile may exist, that ends in the background. */
  async function cancel(account: Credential, error: unknown): Promise<void> {
    const cancelled = await registrations.cancel(account);
    if (cancelled === null) return;
    const hasNoProfile =
      (error instanceof ServiceUnreachableError && !error.mayHaveArrived) ||
      (error instanceof Problem && error.type === usernameTaken);
    const isFirstAttempt = account.profileVersion === 1;
    if (isFirstAttempt && hasNoProfile) await registrations.removeCancelled(account._id);
    else
      background.run('a cancellation could not be attempted', async () => {
        await relay.attempt(cancelled);
      });
  }

  return { register };
}

const newCredential = (email: string, passwordHash: string, now: Date): Credential => ({
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
