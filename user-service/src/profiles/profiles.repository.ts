import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Problem, retryOnConflict } from '@polyglot-notes/service-kit';
import type { ProfileDocument, ProfileModel } from './profile.model.ts';
import type { DesiredProfile, ProfileChanges } from './profiles.schemas.ts';
import { asUsernameTaken, usernameTaken, withDerived } from './usernames.ts';

export type ProfilesRepository = ReturnType<typeof createProfilesRepository>;

export function createProfilesRepository(profiles: ProfileModel, { clock }: { clock: () => Date }) {
  return {
    find: (id: string): Promise<ProfileDocument | null> =>
      profiles.findOne({ _id: id, state: 'present' }).lean<ProfileDocument>().exec(),

    /** Changes a profile. Null when there is none. Throws `username_taken`. */
    async update(id: string, changes: ProfileChanges): Promise<ProfileDocument | null> {
      try {
        return await profiles
          .findOneAndUpdate(
            { _id: id, state: 'present' },
            { $set: { ...withDerived(changes), updatedAt: clock() } },
            { returnDocument: 'after' },
          )
          .lean<ProfileDocument>()
          .exec();
      } catch (error) {
        throw asUsernameTaken(error);
      }
    },

    put: (id: string, desired: DesiredProfile) => putProfile(profiles, id, desired, clock()),

    /** Leaves a tombstone in place of the profile. A profile that is being hard-deleted stays: its deletion leaves one. */
    async remove(id: string): Promise<void> {
      const tombstone = { _id: id, state: 'absent', absentSince: clock() };
      await retryOnConflict(async () => {
        try {
          await profiles.replaceOne({ _id: id, state: 'present', status: { $ne: 'deleting' } }, tombstone, {
            upsert: true,
          });
          return true;
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
        }
        // The id exists: as a tombstone, in a hard deletion, or as a profile that was created at this moment.
        const ended = await profiles.exists({ _id: id, $or: [{ state: 'absent' }, { status: 'deleting' }] });
        return ended === null ? undefined : true;
      });
    },
  };
}

/**
 * Applies the state that auth-service desires unless a later one is stored. Creates the profile when a username is given.
 * Returns the document after the update, or null when there is none. Throws `username_taken`.
 */
async function putProfile(
  profiles: ProfileModel,
  id: string,
  desired: DesiredProfile,
  now: Date,
): Promise<ProfileDocument | null> {
  const { profileVersion, accessVersion, ...fields } = desired;
  const isNew = desired.username !== undefined;
  const apply = (upsert: boolean) =>
    profiles.updateOne(
      { _id: id, state: 'present', profileVersion: { $lt: profileVersion } },
      {
        $set: { ...withDerived(fields), profileVersion, updatedAt: now },
        $max: { accessVersion },
        $setOnInsert: { ...newAccount, createdAt: now },
      },
      { upsert },
    );
  try {
    await apply(isNew);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // Either the id exists or the username is taken. Without an upsert, only a taken username fails again.
    await apply(false).catch((again: unknown) => {
      throw asUsernameTaken(again);
    });
  }
  const stored = await profiles.findById(id).lean<ProfileDocument>().exec();
  if (stored === null && isNew) throw new Problem(usernameTaken);
  return stored;
}

const newAccount = {
  role: 'user',
  status: 'active',
  accountVersion: 1,
  accessRevocations: 0,
  sessionRevocations: 0,
  deletion: null,
  bio: null,
  avatar: null,
} as const;
