import { randomUUID } from 'node:crypto';
import { Problem, problems, problemType, ServiceUnreachableError } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import type { Registration } from './accounts.schemas.ts';
import { finishWithdrawal } from './credential-delivery.ts';
import { accessVersion } from './credential.model.ts';
import type { Credential } from './credentials.repository.ts';
import { usernameCandidates } from './usernames.ts';

export const emailTaken = problemType(409, 'email_taken', 'There is an account with this email');
export const usernameTaken = problemType(409, 'username_taken', 'The username is taken');

// Each that fails has lost to a withdrawal.
const maxTries = 5;

type Dependencies = Pick<
  Context,
  'credentials' | 'passwords' | 'userService' | 'relay' | 'background' | 'clock'
>;

/**
 * Registration over two databases: the credential is written as `pending`, user-service makes the profile, the
 * credential becomes `active`. What fails on the way is withdrawn. What a dying process leaves is carried on by the
 * next try with the same email and password, or else withdrawn by the relay.
 */
export function registrationService({
  credentials,
  passwords,
  userService,
  relay,
  background,
  clock,
}: Dependencies) {
  async function register(registration: Registration) {
    for (let tries = maxTries; tries > 0; tries--) {
      const registered = await tryToRegister(registration);
      if (registered !== undefined) return registered;
    }
    throw new Problem(problems.serviceUnavailable);
  }

  /** Undefined when the account has been withdrawn from under this try: the email is free again. */
  async function tryToRegister({ email, password, username }: Registration) {
    const account = await claimEmail(email, password);
    try {
      const user = await makeProfile(account, username);
      if (user === undefined) return undefined;
      if (await credentials.activate(account)) return { user, version: accessVersion(account) };
      return await lost(account);
    } catch (error) {
      await withdraw(account, error);
      throw error;
    }
  }

  /**
   * Undefined if the relay, or another try, has withdrawn the account: then it can be begun anew. Otherwise another try has
   * taken it over, and this one finds it taken: of several at once only the latest can end it.
   */
  async function lost({ _id }: Credential): Promise<undefined> {
    const current = await credentials.find(_id);
    if (current !== null && current.state !== 'withdrawing') throw new Problem(emailTaken);
  }

  /** A pending credential with this email that is the caller's to carry on. */
  async function claimEmail(email: string, password: string): Promise<Credential> {
    // Each round that ends without a claim has lost to another request that moved the account on.
    for (;;) {
      const existing = await credentials.findByEmail(email);
      if (existing === null) {
        const fresh = newCredential(email, await passwords.hash(password), clock());
        if (await credentials.insert(fresh)) return fresh;
      } else if (existing.state === 'withdrawing') {
        await finishWithdrawal(existing._id, { credentials, userService });
      } else {
        const carriesOn =
          existing.state === 'pending' && (await passwords.matches(password, existing.passwordHash));
        if (!carriesOn) throw new Problem(emailTaken);
        const claimed = await credentials.takeOver(existing);
        if (claimed !== null) return claimed;
      }
    }
  }

  async function makeProfile(account: Credential, chosen: string | undefined) {
    const { _id: id, version, email, emailVerified } = account;
    let isFirst = true;
    for (const username of usernameCandidates(email, chosen)) {
      if (!isFirst && !(await credentials.renew(account))) return lost(account);
      isFirst = false;
      const wish = { version, email, emailVerified, minVer: accessVersion(account) };
      const outcome = await userService.putProfile(id, { ...wish, username });
      if (outcome.state === 'present') return outcome.user;
      if (outcome.state === 'absent') return lost(account);
    }
    throw new Problem(usernameTaken);
  }

  /**
   * Takes the account back, unless another try has taken it over. Where user-service may know of it, that goes on after
   * the answer, and is the relay's should it fail.
   */
  async function withdraw(account: Credential, refusal: unknown): Promise<void> {
    const withdrawn = await credentials.withdraw(account);
    if (withdrawn === null) return;
    const isUnknown =
      (refusal instanceof ServiceUnreachableError && !refusal.mayHaveArrived) ||
      (refusal instanceof Problem && refusal.type === usernameTaken);
    if (account.version === 1 && isUnknown) {
      await credentials.removeWithdrawn(account._id);
      return;
    }
    background.run('a withdrawal is still open', async () => {
      await relay.attempt(withdrawn);
    });
  }

  return { register };
}

const newCredential = (email: string, passwordHash: string, now: Date): Credential => ({
  _id: randomUUID(),
  state: 'pending',
  version: 1,
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
