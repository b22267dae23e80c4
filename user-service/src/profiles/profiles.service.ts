import { Problem, problems, problemType } from '@polyglot-notes/service-kit';
import type { ProfileDocument } from './profile.model.ts';
import type { ProfilesRepository } from './profiles.repository.ts';
import type { DesiredProfile, ProfileChanges } from './profiles.schemas.ts';

export const usernameTaken = problemType(409, 'username_taken', 'The username is taken');

/** A profile as clients see it. */
export const asUser = ({ _id, createdAt, updatedAt, ...profile }: ProfileDocument) => ({
  ...profile,
  id: _id,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** A token may outlive its account: then its bearer is nobody. */
function ofBearer(profile: ProfileDocument | null): ProfileDocument {
  if (profile === null) throw new Problem(problems.tokenRevoked);
  return profile;
}

export const profilesService = (profiles: ProfilesRepository, clock: () => Date) => {
  return {
    me: async (id: string) => asUser(ofBearer(await profiles.findPresent(id))),

    async updateMe(id: string, changes: ProfileChanges) {
      const nothing = Object.keys(changes).length === 0;
      const updated = nothing ? await profiles.findPresent(id) : await profiles.update(id, changes, clock());
      if (updated === 'username_taken') throw new Problem(usernameTaken);
      return asUser(ofBearer(updated));
    },

    async username(id: string) {
      const profile = await profiles.findPresent(id);
      if (profile === null) throw new Problem(problems.notFound);
      return { username: profile.username };
    },

    async put(id: string, desired: DesiredProfile) {
      const held = await profiles.put(id, desired, clock());
      if (held === 'username_taken') throw new Problem(usernameTaken);
      if (held?.state !== 'present') return { state: 'absent' as const };
      return { state: held.state, version: held.version, minVer: held.minVer, user: asUser(held) };
    },

    async remove(id: string) {
      await profiles.remove(id, clock());
      return { state: 'absent' as const };
    },
  };
};
