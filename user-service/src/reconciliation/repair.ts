import { Problem, ServiceRefusalError, ServiceUnreachableError } from '@polyglot-notes/service-kit';
import type { AccountsRepository } from '../accounts/accounts.repository.ts';
import type { ChangeAccount } from '../accounts/change-account.ts';
import type { RestoreActiveAdmin } from '../accounts/restore-active-admin.ts';
import type { ActiveAdminsRepository } from '../active-admins/active-admins.repository.ts';
import { isCredential, type AuthService, type StoredCredential } from '../clients/auth-service.ts';
import type { NotesService } from '../clients/notes-service.ts';
import { isActiveAdmin, type AccountState } from '../profiles/account-state.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';
import type { ProfilesRepository } from '../profiles/profiles.repository.ts';
import type { DriftKind, Snapshot } from './drift.ts';
import { takeSnapshot, type Drift, type Stores } from './snapshot.ts';

export interface RepairDependencies extends Stores {
  changeAccount: ChangeAccount;
  restoreActiveAdmin: RestoreActiveAdmin;
  profiles: Pick<ProfilesRepository, 'put'>;
  accounts: AccountsRepository;
  activeAdmins: ActiveAdminsRepository;
  authService: AuthService;
  notesService: NotesService;
  deliveries: { release(id: string): Promise<boolean> };
  relay: { attempt(account: ProfileDocument): Promise<unknown> };
}

type Repair = (id: string, snapshot: Snapshot, dependencies: RepairDependencies) => Promise<boolean>;

/**
 * Tombstones win over data. Of two account states the one that was decided later wins, and no revocation is undone. Only a
 * person can decide about a missing credential, whose password is lost, and about notes of an unknown owner.
 */
const repairs: Record<DriftKind, Repair> = {
  not_erased: eraseAgain,
  missing_profile: createProfile,
  role: decideState,
  status: decideState,
  account_version: decideState,
  active_admins: correctActiveAdmins,
  email: redeliver,
  profile_version: alignProfile,
  stuck: release,
  missing_credential: async () => false,
  orphaned_notes: async () => false,
};

/** Repairs an account. Returns the kinds of drift that cannot be repaired. */
export async function repair({ id, kinds }: Drift, dependencies: RepairDependencies): Promise<DriftKind[]> {
  const left = new Set(kinds);
  for (const repairOne of new Set(kinds.map((kind) => repairs[kind]))) {
    const snapshot = await takeSnapshot(id, dependencies);
    if (!(await isDone(repairOne(id, snapshot, dependencies)))) continue;
    for (const kind of kinds) if (repairs[kind] === repairOne) left.delete(kind);
  }
  return [...left];
}

async function eraseAgain(id: string, { profile }: Snapshot, dependencies: RepairDependencies) {
  const { changeAccount, authService, notesService, clock } = dependencies;
  if (profile?.state === 'present') {
    const deletion = { requestedAt: clock() };
    await changeAccount(id, ({ status }) => (status === 'deleting' ? {} : { status: 'deleting', deletion }));
    return true;
  }
  await Promise.all([authService.erase(id), notesService.erase(id)]);
  return true;
}

/** Creates a profile with a new username: the chosen one is lost. */
async function createProfile(id: string, { credential }: Snapshot, dependencies: RepairDependencies) {
  if (!isCredential(credential)) return false;
  const { profileVersion, email, emailVerified, accessVersion } = credential;
  const username = `restored-${id.replaceAll('-', '').slice(0, 20)}`;
  await dependencies.profiles.put(id, { profileVersion, email, emailVerified, accessVersion, username });
  return decideState(id, await takeSnapshot(id, dependencies), dependencies);
}

/** Stores the state that was decided later with a version above both, and delivers it. */
async function decideState(_id: string, snapshot: Snapshot, dependencies: RepairDependencies) {
  const { profile, credential } = snapshot;
  const { accounts, activeAdmins, relay } = dependencies;
  if (profile?.state !== 'present' || !isCredential(credential)) return false;
  const state = decidedState(profile, credential);
  if (isActiveAdmin(profile) && !isActiveAdmin(state))
    await activeAdmins.remove(profile._id, profile.accountVersion);
  const replaced = await accounts.replaceState(profile, state);
  if (replaced === null) return false;
  await relay.attempt(replaced);
  return true;
}

function decidedState(profile: ProfileDocument, credential: StoredCredential): AccountState {
  // A pending delivery is a decision of this service that auth-service did not apply.
  const isCredentialLater =
    credential.accountVersion > profile.accountVersion && profile.delivery === undefined;
  const { role, status } = isCredentialLater ? credential : profile;
  // When auth-service has lost password changes, more revocations make up for their versions.
  const lostRevocations = Math.max(0, profile.accessVersion - credential.accessVersion);
  return {
    role,
    status: status === 'active' ? 'active' : 'deactivated',
    accountVersion: Math.max(profile.accountVersion, credential.accountVersion) + 1,
    accessRevocations:
      Math.max(profile.accessRevocations, credential.accessRevocations) + 1 + lostRevocations,
    sessionRevocations: Math.max(profile.sessionRevocations, credential.sessionRevocations) + 1,
  };
}

async function correctActiveAdmins(id: string, snapshot: Snapshot, dependencies: RepairDependencies) {
  const { profile, isInActiveAdmins } = snapshot;
  const isAdmin = profile?.state === 'present' && isActiveAdmin(profile);
  if (isAdmin && !isInActiveAdmins) return (await dependencies.restoreActiveAdmin(id)) !== undefined;
  if (isAdmin || !isInActiveAdmins) return true;
  return dependencies.activeAdmins.discard(id);
}

async function alignProfile(id: string, snapshot: Snapshot, dependencies: RepairDependencies) {
  const { profile, credential } = snapshot;
  if (profile === null || !isCredential(credential)) return false;
  const isBehind = profile.accessVersion > credential.accessVersion;
  if (isBehind && !(await decideState(id, snapshot, dependencies))) return false;
  return redeliver(id, snapshot, dependencies);
}

async function redeliver(id: string, snapshot: Snapshot, { authService }: RepairDependencies) {
  if (!isCredential(snapshot.credential)) return false;
  await authService.redeliver(id, snapshot.profile?.profileVersion ?? 0);
  return true;
}

async function release(id: string, snapshot: Snapshot, dependencies: RepairDependencies) {
  const { profile, credential } = snapshot;
  if (profile?.status === 'deleting') return eraseAgain(id, snapshot, dependencies);
  await dependencies.deliveries.release(id);
  if (isCredential(credential) && credential.delivery) await redeliver(id, snapshot, dependencies);
  return true;
}

/** Whether a repair succeeded. A refusal, such as `last_admin`, leaves the drift. An unavailable service ends the repair. */
async function isDone(repairing: Promise<boolean>): Promise<boolean> {
  try {
    return await repairing;
  } catch (error) {
    const isUnavailable = error instanceof ServiceUnreachableError;
    if (!isUnavailable && (error instanceof Problem || error instanceof ServiceRefusalError)) return false;
    throw error;
  }
}
