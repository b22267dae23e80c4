import { route, type Route } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import { DesiredProfile, HeldProfile, ProfileName, ProfileParams } from './profiles.schemas.ts';
import { profilesService, usernameTaken } from './profiles.service.ts';

const tag = 'Internal';
const access = { callers: ['auth-service'] };
const params = ProfileParams;

/** What auth-service tells of accounts; each call may come any number of times and in any order. */
export function internalProfilesRoutes({
  profiles: repository,
  clock,
}: Pick<Context, 'profiles' | 'clock'>): Route[] {
  const profiles = profilesService(repository, clock);
  return [
    route({
      method: 'get',
      path: '/internal/profiles/:id',
      tag,
      summary: 'Read the username of an account',
      access,
      params,
      responses: { 200: { description: 'The username', schema: ProfileName } },
      handler: async ({ params: { id } }) => ({ status: 200, body: await profiles.username(id) }),
    }),
    route({
      method: 'put',
      path: '/internal/profiles/:id',
      tag,
      summary: 'Make the profile of a new account what auth-service wishes',
      access,
      params,
      body: DesiredProfile,
      responses: { 200: { description: 'What is held now', schema: HeldProfile } },
      problems: [usernameTaken],
      handler: async ({ params: { id }, body }) => ({ status: 200, body: await profiles.put(id, body) }),
    }),
    route({
      method: 'delete',
      path: '/internal/profiles/:id',
      tag,
      summary: 'Make sure that there is no such profile, now and later',
      access,
      params,
      responses: { 200: { description: 'It is absent', schema: HeldProfile } },
      handler: async ({ params: { id } }) => ({ status: 200, body: await profiles.remove(id) }),
    }),
  ];
}
