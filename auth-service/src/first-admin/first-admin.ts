import { setTimeout as delay } from 'node:timers/promises';
import { Problem, ServiceUnreachableError, StartError, type Logger } from '@polyglot-notes/service-kit';
import type { UserService } from '../clients/user-service.ts';
import type { AccountState } from '../credentials/account-state.ts';
import type { Credential } from '../credentials/credential.model.ts';
import { emailTaken } from '../credentials/problems.ts';
import { Registration } from '../registration/registration.schemas.ts';

// A registration in progress takes seconds; an older one was interrupted.
const inProgressMs = 60_000;

interface Wanted {
  email: string;
  password: string;
}

interface Dependencies {
  /** The first admin in the configuration, if there is one. */
  wanted: Wanted | undefined;
  /** The pause before the next attempt. */
  retryMs?: number | undefined;
  credentials: {
    findByEmail(email: string): Promise<Credential | null>;
    hasActiveAdmin(): Promise<boolean>;
  };
  passwords: { matches(password: string, hash: string): Promise<boolean> };
  register: (
    registration: Registration,
    options: { isConfirmed: boolean },
  ) => Promise<{ user: { id: string } }>;
  accounts: { applyState(id: string, state: AccountState & { events: [] }): Promise<unknown> };
  userService: Pick<UserService, 'appointFirstAdmin'>;
  log: Logger;
  clock: () => Date;
  closing: AbortSignal;
}

/** Makes the account in the configuration an admin while there is no active admin. */
export function createFirstAdmin(dependencies: Dependencies) {
  const { wanted, retryMs = 1_000, credentials, accounts, userService, log, closing } = dependencies;
  const findOrRegister = createFindOrRegister(dependencies);
  let isSettled = wanted === undefined;

  /** Whether there is an admin now. If not, another process has to finish first. */
  async function appoint(admin: Wanted): Promise<boolean> {
    if (await credentials.hasActiveAdmin()) return true;
    const id = await findOrRegister(parseAdmin(admin));
    if (id === undefined) return false;
    const outcome = await userService.appointFirstAdmin(id);
    if (outcome.state === 'appointed') {
      await accounts.applyState(id, { ...outcome.account, events: [] });
      log.info({ userId: id }, 'first admin appointed');
    }
    return true;
  }

  return {
    /** Repeats until there is an admin or the service stops. Throws a StartError when the account cannot become the admin. */
    async ensure(): Promise<void> {
      if (wanted === undefined) return;
      while (!isSettled && !closing.aborted) {
        try {
          isSettled = await appoint(wanted);
        } catch (error) {
          if (!(error instanceof ServiceUnreachableError)) throw error;
          log.warn({ err: error.cause }, 'the first admin waits for user-service');
        }
        if (!isSettled) await delay(retryMs, undefined, { signal: closing }).catch(() => {});
      }
    },

    /** A health check: throws until there is an admin. */
    check(): void {
      if (!isSettled) throw new Error('the first admin is not appointed yet');
    },
  };
}

function createFindOrRegister({ credentials, passwords, register, log, clock }: Dependencies) {
  /** The id of the account with this email and password. Undefined while another process registers it. */
  async function findOrRegister(admin: Registration): Promise<string | undefined> {
    const { email, password } = admin;
    const existing = await credentials.findByEmail(email);
    if (existing === null || existing.state === 'cancelling') return registerAccount(admin);
    if (!(await passwords.matches(password, existing.passwordHash))) {
      const age = clock().getTime() - existing.createdAt.getTime();
      if (existing.state === 'pending' && age < inProgressMs) return waitForOtherProcess();
      throw new StartError(
        `ADMIN_EMAIL names the existing account ${email}, but ADMIN_PASSWORD is not its password: set the right password or another email.`,
      );
    }
    if (existing.state === 'pending') return registerAccount(admin);
    if (existing.status !== 'active')
      throw new StartError(
        `ADMIN_EMAIL names the account ${email}, which is deactivated: set another email.`,
      );
    return existing._id;
  }

  async function registerAccount(admin: Registration): Promise<string | undefined> {
    try {
      return (await register(admin, { isConfirmed: true })).user.id;
    } catch (error) {
      if (error instanceof Problem && error.type === emailTaken) return waitForOtherProcess();
      throw error;
    }
  }

  function waitForOtherProcess(): undefined {
    log.info('another process registers the first admin');
  }

  return findOrRegister;
}

function parseAdmin(admin: Wanted): Registration {
  const parsed = Registration.safeParse(admin);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `  ADMIN_${path.join('_').toUpperCase()}: ${message}`,
  );
  throw new StartError(`The first admin cannot be registered:\n${faults.join('\n')}`);
}
