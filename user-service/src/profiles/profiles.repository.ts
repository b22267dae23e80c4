import { mongo } from 'mongoose';
import type { ProfileDocument, ProfileModel } from './profile.model.ts';
import type { DesiredProfile, ProfileChanges } from './profiles.schemas.ts';

export type ProfilesRepository = ReturnType<typeof profilesRepository>;

/** Whether a write failed because another document has the username (or the id). */
export const isDuplicateKey = (error: unknown) =>
  error instanceof mongo.MongoServerError && error.code === 11_000;

/** Adds the form of the username that is compared. */
export const withLower = <Fields extends { username?: string | undefined }>(fields: Fields) =>
  fields.username === undefined ? fields : { ...fields, usernameLower: fields.username.toLowerCase() };

/** Profiles as their owners and auth-service see them. */
export function profilesRepository(profiles: ProfileModel) {
  return {
    findPresent: (id: string): Promise<ProfileDocument | null> =>
      profiles.findOne({ _id: id, state: 'present' }).lean<ProfileDocument>().exec(),

    /** Changes a profile; null if there is none, `username_taken` if the name is another's. */
    async update(
      id: string,
      changes: ProfileChanges,
      now: Date,
    ): Promise<ProfileDocument | null | 'username_taken'> {
      try {
        return await profiles
          .findOneAndUpdate(
            { _id: id, state: 'present' },
            { $set: { ...withLower(changes), updatedAt: now } },
            { returnDocument: 'after' },
          )
          .lean<ProfileDocument>()
          .exec();
      } catch (error) {
        if (isDuplicateKey(error)) return 'username_taken';
        throw error;
      }
    },

    /**
     * Makes the profile what auth-service wishes, unless it follows a later wish already or is gone for good; a wish
     * that names a username makes it. Gives back what is held now, null if nothing is and none was made;
     * `username_taken` if the name is another's.
     */
    async put(
      id: string,
      desired: DesiredProfile,
      now: Date,
    ): Promise<ProfileDocument | null | 'username_taken'> {
      const { version, minVer, ...fields } = desired;
      try {
        await profiles.updateOne(
          { _id: id, state: 'present', version: { $lt: version } },
          {
            $set: { ...withLower(fields), version, updatedAt: now },
            $max: { minVer },
            $setOnInsert: {
              role: 'user',
              status: 'active',
              accountVersion: 1,
              accessRevocations: 0,
              sessionRevocations: 0,
              deletion: null,
              bio: null,
              avatar: null,
              createdAt: now,
            },
          },
          { upsert: desired.username !== undefined },
        );
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      // The upsert collides with the document's own id when that follows a later wish or is a tombstone,
      // and with another document when the name is taken; only in the latter case is the wish still open.
      const held = await profiles.findOne({ _id: id }).lean<ProfileDocument>().exec();
      const isOpen = held === null || (held.state === 'present' && held.version < version);
      return isOpen && desired.username !== undefined ? 'username_taken' : held;
    },

    /**
     * Leaves a tombstone in the place of the profile, or in its place to be; one that is being destroyed goes with that,
     * and leaves a receipt.
     */
    async remove(id: string, now: Date): Promise<void> {
      const tombstone = { _id: id, state: 'absent', absentSince: now };
      for (;;) {
        try {
          await profiles.replaceOne({ _id: id, state: 'present', status: { $ne: 'deleting' } }, tombstone, {
            upsert: true,
          });
          return;
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
        }
        // The id is taken: by a tombstone, or one to be, and all is done, or by a profile that came this very moment.
        if (await profiles.exists({ _id: id, $or: [{ state: 'absent' }, { status: 'deleting' }] })) return;
      }
    },
  };
}
