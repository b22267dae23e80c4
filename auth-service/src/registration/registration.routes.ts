import { retryOnConflict, route, type Route } from '@polyglot-notes/service-kit';
import { emailTaken, usernameTaken } from '../credentials/problems.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import type { OpenSession } from '../sessions/open-session.ts';
import { deviceOf } from '../sessions/session.model.ts';
import { Registered, Registration } from './registration.schemas.ts';
import type { Register } from './registration.service.ts';

interface Dependencies {
  register: Register;
  credentials: Pick<CredentialsRepository, 'findUsable'>;
  openSession: OpenSession;
}

export function registrationRoutes({ register, credentials, openSession }: Dependencies): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/auth/register',
      tag: 'Auth',
      summary: 'Register an account',
      description:
        'The profile exists when this call answers. Without a username, one is made from the email.',
      access: 'public',
      limit: 'strict',
      body: Registration,
      responses: {
        201: { description: 'The account and the tokens of its first session', schema: Registered },
      },
      problems: [emailTaken, usernameTaken],
      handler: async ({ body, client }) => {
        const { user } = await register(body);
        const tokens = await retryOnConflict(async () => {
          const account = await credentials.findUsable(user.id);
          return account === null ? undefined : openSession(account, deviceOf(client));
        });
        return { status: 201, body: { user, ...tokens } };
      },
    }),
  ];
}
