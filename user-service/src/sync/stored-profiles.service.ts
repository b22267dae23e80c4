import { Problem, problems } from '@polyglot-notes/service-kit';
import type { ProfilesRepository } from '../profiles/profiles.repository.ts';
import type { DesiredProfile } from '../profiles/profiles.schemas.ts';
import { asUser } from '../profiles/profiles.service.ts';

export interface Dependencies {
  profiles: ProfilesRepository;
}

/** What auth-service asks about profiles. Each call may be repeated, in any order. */
export const createStoredProfilesService = ({ profiles }: Dependencies) => ({
  async username(id: string) {
    const profile = await profiles.find(id);
    if (profile === null) throw new Problem(problems.notFound);
    return { username: profile.username };
  },

  async put(id: string, desired: DesiredProfile) {
    const stored = await profiles.put(id, desired);
    if (stored?.state !== 'present') return { state: 'absent' as const };
    const { profileVersion, accessVersion } = stored;
    return { state: 'present' as const, profileVersion, accessVersion, user: asUser(stored) };
  },

  async remove(id: string) {
    await profiles.remove(id);
    return { state: 'absent' as const };
  },
});
