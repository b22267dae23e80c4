import { Problem, problems, route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { ProfilesRepository } from '../profiles/profiles.repository.ts';
import { DesiredProfile, User } from '../profiles/profiles.schemas.ts';
import { asUser } from '../profiles/profiles.service.ts';
import { usernameTaken } from '../profiles/usernames.ts';

const tag = 'Internal';
const access = { callers: ['auth-service'] };
const params = z.object({ id: z.uuid() });

const StoredProfile = z.discriminatedUnion('state', [
  z.object({
    ...DesiredProfile.pick({ profileVersion: true, accessVersion: true }).shape,
    state: z.literal('present'),
    user: User,
  }),
  z.object({ state: z.literal('absent') }),
]);

interface Dependencies {
  profiles: ProfilesRepository;
}

/** What auth-service asks about profiles. Each call may be repeated, in any order. */
const createStoredProfiles = ({ profiles }: Dependencies) => ({
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

export function internalProfilesRoutes(dependencies: Dependencies): Route[] {
  const profiles = createStoredProfiles(dependencies);
  return [
    route({
      method: 'get',
      path: '/internal/profiles/:id',
      tag,
      summary: 'Read the username of an account',
      access,
      params,
      responses: { 200: { description: 'The username', schema: User.pick({ username: true }) } },
      handler: async ({ params: { id } }) => ({ status: 200, body: await profiles.username(id) }),
    }),
    route({
      method: 'put',
      path: '/internal/profiles/:id',
      tag,
      summary: 'Apply the profile state that auth-service desires',
      access,
      params,
      body: DesiredProfile,
      responses: { 200: { description: 'The stored state', schema: StoredProfile } },
      problems: [usernameTaken],
      handler: async ({ params: { id }, body }) => ({ status: 200, body: await profiles.put(id, body) }),
    }),
    route({
      method: 'delete',
      path: '/internal/profiles/:id',
      tag,
      summary: 'Remove a profile and leave a tombstone',
      access,
      params,
      responses: { 200: { description: 'The profile is absent', schema: StoredProfile } },
      handler: async ({ params: { id } }) => ({ status: 200, body: await profiles.remove(id) }),
    }),
  ];
}
