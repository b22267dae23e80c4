import { isActiveAdmin } from '../active-admins/active-admins.repository.ts';
import { isCredential, type FoundAccount, type HeldAccount } from '../clients/auth-service.ts';
import type { HeldOwner } from '../clients/notes-service.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';

/** The ways in which the three stores can differ about an account. */
export const driftKinds = [
  /** Somebody can log in and has no profile. */
  'missing_profile',
  /** There is a profile, and nobody can log in to it. */
  'missing_credential',
  /** One store says that the account was destroyed, another still has something of it. */
  'not_erased',
  /** Notes of somebody of whom nothing else is known. */
  'orphaned_notes',
  'role',
  'status',
  /** auth-service follows another version of role, status or cuts. */
  'account_version',
  'email',
  /** user-service follows another version of email or access. */
  'profile_version',
  /** An active admin who does not count as one, or somebody who does and is none. */
  'active_admins',
  /** Another service has not confirmed for ten minutes, or has refused for good. */
  'stuck',
] as const;

export type DriftKind = (typeof driftKinds)[number];

/** What the three stores hold of an account; a tombstone is a profile that is absent. */
export interface Held {
  profile: ProfileDocument | null;
  credential: FoundAccount | null;
  owner: HeldOwner | null;
  isInActiveAdmins: boolean;
}

const stuckAfterMs = 10 * 60_000;

/** In which ways the stores differ about one account; what is marked to be told is on its way, and no difference. */
export function driftOf({ profile, credential, owner, isInActiveAdmins }: Held, now: Date): DriftKind[] {
  const login = isCredential(credential) ? credential : null;
  const marks = [
    profile?.delivery && { since: profile.delivery.since, isParked: profile.delivery.dueAt === null },
    login?.delivery,
  ];
  const isStuck =
    marks.some((mark) => mark && (mark.isParked || now.getTime() - mark.since.getTime() > stuckAfterMs)) ||
    (profile?.status === 'deleting' && profile.delivery === undefined);
  return [
    ...existence({ profile, login, credential, owner }),
    ...(profile?.state === 'present' && login?.state === 'active' ? differences(profile, login) : []),
    ...(isCountedWrongly(profile, isInActiveAdmins) ? (['active_admins'] as const) : []),
    ...(isStuck ? (['stuck'] as const) : []),
  ];
}

function existence({
  profile,
  login,
  credential,
  owner,
}: Omit<Held, 'isInActiveAdmins'> & { login: HeldAccount | null }): DriftKind[] {
  const hasNotes = owner !== null && owner.notes > 0 && !owner.isErased;
  const isErased =
    credential?.state === 'erased' || owner?.isErased === true || profile?.receipt !== undefined;
  const isGoing = profile?.state === 'present' && profile.status === 'deleting';
  if (isGoing) return [];
  const isThere = profile?.state === 'present' || login !== null || hasNotes;
  if (isErased) return isThere ? ['not_erased'] : [];
  if (profile?.state === 'present') return login === null ? ['missing_credential'] : [];
  if (login?.state === 'active') return [profile === null ? 'missing_profile' : 'not_erased'];
  return hasNotes && login === null ? ['orphaned_notes'] : [];
}

function differences(profile: ProfileDocument, login: HeldAccount): DriftKind[] {
  const ofAccount: DriftKind[] = [];
  if (profile.delivery === undefined) {
    if (profile.role !== login.role) ofAccount.push('role');
    if (profile.status !== login.status) ofAccount.push('status');
    const isSame =
      profile.accountVersion === login.accountVersion &&
      profile.accessRevocations === login.accessRevocations &&
      profile.sessionRevocations === login.sessionRevocations;
    if (!isSame) ofAccount.push('account_version');
  }
  if (login.delivery === null) {
    if (profile.email !== login.email || profile.emailVerified !== login.emailVerified)
      ofAccount.push('email');
    const isSame =
      profile.version === login.version &&
      (profile.minVer === login.minVer || profile.delivery !== undefined);
    if (!isSame) ofAccount.push('profile_version');
  }
  return ofAccount;
}

/** Whether nothing that is held of an account waits to be told. */
export const isTold = ({ profile, credential }: Held): boolean =>
  profile?.delivery === undefined && !(isCredential(credential) && credential.delivery !== null);

/** To be in the gate without being an admin would let the last one go; to be left out does no harm for a moment. */
function isCountedWrongly(profile: ProfileDocument | null, isInActiveAdmins: boolean): boolean {
  const isAdmin = profile?.state === 'present' && isActiveAdmin(profile);
  return isInActiveAdmins ? !isAdmin : isAdmin && profile.delivery === undefined;
}
