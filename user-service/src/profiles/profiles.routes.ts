import { problems, route, type Route } from '@polyglot-notes/service-kit';
import { UpdateMe, User } from './profiles.schemas.ts';
import { createProfilesService } from './profiles.service.ts';
import { usernameTaken } from './usernames.ts';

const tag = 'Users';

export function profilesRoutes(dependencies: Parameters<typeof createProfilesService>[0]): Route[] {
  const profiles = createProfilesService(dependencies);
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
      description: 'Fields that are left out stay the same. `null` clears the bio or the avatar.',
      access: 'user',
      body: UpdateMe,
      responses: { 200: { description: 'Your changed profile', schema: User } },
      problems: [usernameTaken, problems.tokenRevoked],
      handler: async ({ user, body }) => ({ status: 200, body: await profiles.updateMe(user.id, body) }),
    }),
  ];
}
