import { retryOnConflict, route, type Route } from '@polyglot-notes/service-kit';
import type { EmailVerification } from '../config.ts';
import { emailTaken, usernameTaken } from '../credentials/problems.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import type { OpenSession } from '../sessions/open-session.ts';
import { deviceOf } from '../sessions/session.model.ts';
import { Registered, Registration } from './registration.schemas.ts';
import type { Register } from './registration.service.ts';

interface Dependencies {
  register: Register;
  emailVerification: EmailVerification;
  credentials: Pick<CredentialsRepository, 'findUsable'>;
  openSession: OpenSession;
}

export function registrationRoutes({
  register,
  credentials,
  openSession,
  emailVerification,
}: Dependencies): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/auth/register',
      tag: 'Auth',
      summary: 'Register an account',
      description:
        'The profile exists when this call answers. Without a username, one is made from the email. A mail asks the owner of the email to confirm it, unless `EMAIL_VERIFICATION` is `off`. If it is `required`, the response has no tokens, and a login is refused until the email is confirmed.',
      access: 'public',
      limit: 'strict',
      body: Registration,
      responses: {
        201: {
          description:
            'The account, and the tokens of its first session unless the email must be confirmed first',
          schema: Registered,
        },
      },
      problems: [emailTaken, usernameTaken],
      handler: async ({ body, client }) => {
        const device = deviceOf(client);
        const { user } = await register(body, { device });
        if (emailVerification === 'required') return { status: 201, body: { user } };
        const tokens = await retryOnConflict(async () => {
          const account = await credentials.findUsable(user.id);
          return account === null ? undefined : openSession(account, device);
        });
        return { status: 201, body: { user, ...tokens } };
      },
    }),
  ];
}
