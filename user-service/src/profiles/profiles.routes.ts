import { problems, route, type Route } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import { UpdateMe, User } from './profiles.schemas.ts';
import { profilesService, usernameTaken } from './profiles.service.ts';

const tag = 'Users';

export function profilesRoutes({
  profiles: repository,
  clock,
}: Pick<Context, 'profiles' | 'clock'>): Route[] {
  const profiles = profilesService(repository, clock);
  return [
    route({
      method: 'get',
      path: '/api/users/me',
      tag,
      summary: 'Read your profile',
      access: 'user',
      responses: { 200: { description: 'Your profile', schema: User } },
      problems: [problems.tokenRevoked],
      handler: async ({ user }) => ({ status: 200, body: await profiles.me(user.id) }),
    }),
    route({
      method: 'patch',
      path: '/api/users/update-me',
      tag,
      summary: 'Change your profile',
      description: 'Only what is named changes; `null` clears the bio or the avatar.',
      access: 'user',
      body: UpdateMe,
      responses: { 200: { description: 'Your profile as it is now', schema: User } },
      problems: [usernameTaken, problems.tokenRevoked],
      handler: async ({ user, body }) => ({ status: 200, body: await profiles.updateMe(user.id, body) }),
    }),
  ];
}
