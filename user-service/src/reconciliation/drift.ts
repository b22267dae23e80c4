import { isDeepStrictEqual } from 'node:util';
import { isCredential, type FoundCredential, type StoredCredential } from '../clients/auth-service.ts';
import type { StoredOwner } from '../clients/notes-service.ts';
import { accountStateOf, isActiveAdmin } from '../profiles/account-state.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';

/** The ways in which the three stores can differ about an account. */
export const driftKinds = [
  /** A credential without a profile. */
  'missing_profile',
  /** A profile without a credential. */
  'missing_credential',
  /** One store has a tombstone, another still has data. */
  'not_erased',
  /** Notes of an owner that no other store knows. */
  'orphaned_notes',
  'role',
  'status',
  /** auth-service stores another account version, or other revocation counts. */
  'account_version',
  'email',
  /** user-service stores another profile version or access version. */
  'profile_version',
  /** An active admin who is missing in the active-admin set, or an id in it that is not one. */
  'active_admins',
  /** A delivery that is parked or has been pending for ten minutes. */
  'stuck',
] as const;

export type DriftKind = (typeof driftKinds)[number];

export interface Snapshot {
  profile: ProfileDocument | null;
  credential: FoundCredential | null;
  owner: StoredOwner | null;
  isInActiveAdmins: boolean;
}

const stuckAfterMs = 10 * 60_000;

/** The kinds of drift in a snapshot. A difference that a pending delivery will remove is not reported. */
export function driftOf({ profile, credential, owner, isInActiveAdmins }: Snapshot, now: Date): DriftKind[] {
  const stored = isCredential(credential) ? credential : null;
  const isComplete = profile?.state === 'present' && stored?.state === 'active';
  const isStuck =
    pendingDeliveries({ profile, credential }).some(
      ({ since, isParked }) => isParked || now.getTime() - since.getTime() > stuckAfterMs,
    ) ||
    (profile?.status === 'deleting' && profile.delivery === undefined);
  return [
    ...existenceDrift({ profile, credential, owner }),
    ...(isComplete ? [...accountDrift(profile, stored), ...profileDrift(profile, stored)] : []),
    ...(isWronglyCounted(profile, isInActiveAdmins) ? (['active_admins'] as const) : []),
    ...(isStuck ? (['stuck'] as const) : []),
  ];
}

export function pendingDeliveries({ profile, credential }: Pick<Snapshot, 'profile' | 'credential'>) {
  const delivery = profile?.delivery;
  const ofProfile = delivery && { since: delivery.since, isParked: delivery.dueAt === null };
  const ofCredential = isCredential(credential) ? credential.delivery : null;
  return [ofProfile, ofCredential].filter((one) => one !== undefined && one !== null);
}

function existenceDrift({ profile, credential, owner }: Omit<Snapshot, 'isInActiveAdmins'>): DriftKind[] {
  const stored = isCredential(credential) ? credential : null;
  const isPresent = profile?.state === 'present';
  if (isPresent && profile.status === 'deleting') return [];
  const hasNotes = owner !== null && owner.notes > 0 && !owner.isErased;
  const isErased =
    credential?.state === 'erased' || owner?.isErased === true || profile?.receipt !== undefined;
  if (isErased) return isPresent || stored !== null || hasNotes ? ['not_erased'] : [];
  if (isPresent) return stored === null ? ['missing_credential'] : [];
  if (stored?.state === 'active') return [profile === null ? 'missing_profile' : 'not_erased'];
  return hasNotes && stored === null ? ['orphaned_notes'] : [];
}

function accountDrift(profile: ProfileDocument, stored: StoredCredential): DriftKind[] {
  if (profile.delivery?.dueAt instanceof Date) return [];
  const [decided, copied] = [accountStateOf(profile), accountStateOf(stored)];
  const counts = ({ accountVersion, accessRevocations, sessionRevocations }: typeof decided) => [
    accountVersion,
    accessRevocations,
    sessionRevocations,
  ];
  return [
    ...(decided.role === copied.role ? [] : (['role'] as const)),
    ...(decided.status === copied.status ? [] : (['status'] as const)),
    ...(isDeepStrictEqual(counts(decided), counts(copied)) ? [] : (['account_version'] as const)),
  ];
}

function profileDrift(profile: ProfileDocument, stored: StoredCredential): DriftKind[] {
  if (stored.delivery?.isParked === false) return [];
  const isSameEmail = profile.email === stored.email && profile.emailVerified === stored.emailVerified;
  const isSameVersion =
    profile.profileVersion === stored.profileVersion &&
    (profile.accessVersion === stored.accessVersion || profile.delivery !== undefined);
  return [
    ...(isSameEmail ? [] : (['email'] as const)),
    ...(isSameVersion ? [] : (['profile_version'] as const)),
  ];
}

/** An id in the set that is not an active admin could let the last one be removed. A missing id does no harm for a moment. */
function isWronglyCounted(profile: ProfileDocument | null, isInActiveAdmins: boolean): boolean {
  const isAdmin = profile?.state === 'present' && isActiveAdmin(profile);
  return isInActiveAdmins ? !isAdmin : isAdmin && profile.delivery === undefined;
}
