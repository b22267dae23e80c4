import { route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { DesiredProfile, User } from '../profiles/profiles.schemas.ts';
import { usernameTaken } from '../profiles/usernames.ts';
import { createStoredProfilesService, type Dependencies } from './stored-profiles.service.ts';

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

export function internalProfilesRoutes(dependencies: Dependencies): Route[] {
  const profiles = createStoredProfilesService(dependencies);
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
