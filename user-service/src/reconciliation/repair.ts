import { Problem, ServiceRefusalError } from '@polyglot-notes/service-kit';
import { accountChangesService, lastAdmin } from '../accounts/account-changes.service.ts';
import { above, type AccountRelay } from '../accounts/account-delivery.ts';
import { isActiveAdmin } from '../active-admins/active-admins.repository.ts';
import { isCredential } from '../clients/auth-service.ts';
import type { ProfilesRepository } from '../profiles/profiles.repository.ts';
import type { DriftKind, Held } from './drift.ts';
import { look, type Drift, type Stores } from './survey.ts';

export interface RepairContext extends Stores {
  profiles: ProfilesRepository;
  deliveries: { release(id: string): Promise<boolean> };
  relay: AccountRelay;
  clock: () => Date;
}

/** Does what can be done about an account as it is now; false if that is nothing. */
type Repair = (id: string, held: Held, context: RepairContext) => Promise<boolean>;

/**
 * What was destroyed is destroyed again; of two decisions the one with the higher version holds, and no cut is taken
 * back. Nobody but a person can tell whether a lost credential is to be made again, whose password nobody knows, or
 * whether notes are to go because nothing else is left of their owner.
 */
const repairs: Record<DriftKind, Repair> = {
  not_erased: eraseAgain,
  missing_profile: makeProfile,
  role: supersede,
  status: supersede,
  account_version: supersede,
  active_admins: correctGate,
  email: tellAgain,
  profile_version: alignProfile,
  stuck: release,
  missing_credential: async () => false,
  orphaned_notes: async () => false,
};

/** Brings the stores together about one account. Gives back the kinds that nothing could be done about. */
export async function repair({ id, kinds }: Drift, context: RepairContext): Promise<DriftKind[]> {
  const left = new Set(kinds);
  for (const way of new Set(kinds.map((kind) => repairs[kind]))) {
    if (!(await isDone(way(id, await look(id, context), context)))) continue;
    for (const kind of kinds) if (repairs[kind] === way) left.delete(kind);
  }
  return [...left];
}

async function eraseAgain(id: string, { profile }: Held, context: RepairContext): Promise<boolean> {
  if (profile?.state === 'present') {
    const deletion = { requestedAt: context.clock() };
    const { change } = accountChangesService(context);
    return (await change(profile, { status: 'deleting', deletion })) !== undefined;
  }
  await Promise.all([context.authService.erase(id), context.notesService.erase(id)]);
  return true;
}

/** With a name that says what has happened: the one that was chosen is lost. */
async function makeProfile(id: string, { credential }: Held, context: RepairContext): Promise<boolean> {
  if (!isCredential(credential)) return false;
  const { version, email, emailVerified, minVer } = credential;
  const username = `restored-${id.slice(0, 8)}`;
  const desired = { version, email, emailVerified, minVer, username };
  const made = await context.profiles.put(id, desired, context.clock());
  return typeof made === 'object' && supersede(id, await look(id, context), context);
}

async function supersede(
  id: string,
  { profile, credential }: Held,
  context: RepairContext,
): Promise<boolean> {
  const { accounts, activeAdmins, relay, clock } = context;
  if (profile?.state !== 'present' || !isCredential(credential)) return false;
  const { role, status } = credential.accountVersion > profile.accountVersion ? credential : profile;
  const held = { ...credential, version: credential.accountVersion };
  const decided = above(held, { ...profile, role, status: status === 'active' ? status : 'deactivated' });
  // What auth-service has forgotten of new passwords is made up for, or nobody could use the tokens that it issues.
  const lostCuts = Math.max(0, profile.minVer - credential.minVer);
  const later = { ...decided, accessRevocations: decided.accessRevocations + lostCuts };
  const leaves = isActiveAdmin(profile) && !isActiveAdmin(later);
  if (leaves && (await activeAdmins.leave(id, profile.accountVersion)) !== 'left') return false;
  if (!(await accounts.supersede(profile, later, clock()))) return false;
  const superseded = await accounts.find(id);
  if (superseded !== null) await relay.attempt(superseded);
  return true;
}

async function correctGate(
  id: string,
  { profile, isInActiveAdmins }: Held,
  context: RepairContext,
): Promise<boolean> {
  const isAdmin = profile?.state === 'present' && isActiveAdmin(profile);
  if (isAdmin && !isInActiveAdmins)
    return (await accountChangesService(context).change(profile, {})) !== undefined;
  if (isAdmin || !isInActiveAdmins) return true;
  return context.activeAdmins.expel(id);
}

async function alignProfile(id: string, held: Held, context: RepairContext): Promise<boolean> {
  const { profile, credential } = held;
  if (profile === null || !isCredential(credential)) return false;
  if (profile.minVer > credential.minVer && !(await supersede(id, held, context))) return false;
  return tellAgain(id, held, context);
}

async function tellAgain(
  id: string,
  { profile, credential }: Held,
  { authService }: RepairContext,
): Promise<boolean> {
  if (!isCredential(credential)) return false;
  await authService.redeliver(id, profile?.version ?? 0);
  return true;
}

async function release(id: string, held: Held, context: RepairContext): Promise<boolean> {
  await context.deliveries.release(id);
  if (isCredential(held.credential) && held.credential.delivery) await tellAgain(id, held, context);
  return true;
}

/** Whether a repair came about: the rule of the last admin stands, and a service may not know the account any more. */
async function isDone(repairing: Promise<boolean>): Promise<boolean> {
  try {
    return await repairing;
  } catch (error) {
    if (error instanceof ServiceRefusalError || (error instanceof Problem && error.type === lastAdmin))
      return false;
    throw error;
  }
}
