import { Problem, problems } from '@polyglot-notes/service-kit';
import type { ProfileDocument } from './profile.model.ts';
import type { ProfilesRepository } from './profiles.repository.ts';
import type { ProfileChanges } from './profiles.schemas.ts';

/** A profile in the form that clients see. */
export const asUser = ({ _id, createdAt, updatedAt, ...profile }: ProfileDocument) => ({
  ...profile,
  id: _id,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** The own profile of the caller. Throws `token_revoked` when the account was removed after the token was issued. */
export const createProfilesService = ({
  profiles,
}: {
  profiles: Pick<ProfilesRepository, 'find' | 'update'>;
}) => ({
  me: async (id: string) => asUser(requireProfile(await profiles.find(id))),

  async updateMe(id: string, changes: ProfileChanges) {
    const isEmpty = Object.keys(changes).length === 0;
    return asUser(requireProfile(await (isEmpty ? profiles.find(id) : profiles.update(id, changes))));
  },
});

function requireProfile(profile: ProfileDocument | null): ProfileDocument {
  if (profile === null) throw new Problem(problems.tokenRevoked);
  return profile;
}
