import { setTimeout as delay } from 'node:timers/promises';
import { Problem, ServiceUnreachableError, StartError } from '@polyglot-notes/service-kit';
import { Registration } from '../accounts/accounts.schemas.ts';
import { emailTaken, registrationService } from '../accounts/registration.service.ts';
import type { Context } from '../context.ts';

const retryMs = 1_000;
// A registration that is under way takes seconds; one that is older got stuck.
const underWayMs = 60_000;

type Wanted = NonNullable<Context['firstAdmin']['wanted']>;

/**
 * Sees to it that there is an admin, if the configuration names one: registers the account or, if the password is its
 * own, promotes it. Does nothing while there is an active admin. Waits for user-service, which has the last word.
 * Throws a StartError when the account cannot be the one that is meant.
 */
export async function ensureFirstAdmin(context: Context): Promise<void> {
  const { firstAdmin, closing, log } = context;
  if (firstAdmin.wanted === undefined) return;
  while (!firstAdmin.isSettled && !closing.aborted) {
    try {
      firstAdmin.isSettled = await appoint(firstAdmin.wanted, context);
    } catch (error) {
      if (!(error instanceof ServiceUnreachableError)) throw error;
      log.warn({ err: error.cause }, 'the first admin waits for user-service');
    }
    if (!firstAdmin.isSettled) await delay(retryMs, undefined, { signal: closing }).catch(() => {});
  }
}

/** A health check: throws until it is settled who the first admin is. */
export const firstAdminSettled =
  ({ firstAdmin }: Pick<Context, 'firstAdmin'>): (() => void) =>
  () => {
    if (!firstAdmin.isSettled) throw new Error('the first admin is not appointed yet');
  };

function parseAdmin(admin: Wanted): Registration {
  const parsed = Registration.safeParse(admin);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `  ADMIN_${path.join('_').toUpperCase()}: ${message}`,
  );
  throw new StartError(`The first admin cannot be registered:\n${faults.join('\n')}`);
}

/** Whether there is an admin now; if not, another process has to finish first. */
async function appoint(wanted: Wanted, context: Context): Promise<boolean> {
  const { credentials, userService, log } = context;
  if (await credentials.hasActiveAdmin()) return true;
  const id = await accountId(parseAdmin(wanted), context);
  if (id === undefined) return false;
  const outcome = await userService.appointFirstAdmin(id);
  if (outcome.state === 'appointed') {
    await credentials.applyState(id, outcome.account);
    log.info({ userId: id }, 'the first admin is appointed');
  }
  return true;
}

/** The id of the account with this email and password; undefined while another process has it in hand. */
async function accountId(account: Registration, context: Context): Promise<string | undefined> {
  const { credentials, passwords, clock } = context;
  const { email, password } = account;
  const existing = await credentials.findByEmail(email);
  if (existing === null || existing.state === 'withdrawing') return register(account, context);
  if (!(await passwords.matches(password, existing.passwordHash))) {
    const age = clock().getTime() - existing.createdAt.getTime();
    if (existing.state === 'pending' && age < underWayMs) return inOtherHands(context);
    throw new StartError(
      `ADMIN_EMAIL names the account ${email}, and ADMIN_PASSWORD is not its password: set the right one or another email.`,
    );
  }
  if (existing.state === 'pending') return register(account, context);
  if (existing.status !== 'active') {
    throw new StartError(`ADMIN_EMAIL names the account ${email}, which is switched off: set another email.`);
  }
  return existing._id;
}

async function register(account: Registration, context: Context): Promise<string | undefined> {
  try {
    return (await registrationService(context).register(account)).user.id;
  } catch (error) {
    if (error instanceof Problem && error.type === emailTaken) return inOtherHands(context);
    throw error;
  }
}

function inOtherHands({ log }: Context): undefined {
  log.info('the account of the first admin is being registered elsewhere');
}
