import { route, type Route } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import { LoggedIn, Login, Registered, Registration } from './accounts.schemas.ts';
import { accountDeactivated, invalidCredentials, loginService } from './login.service.ts';
import { emailTaken, registrationService, usernameTaken } from './registration.service.ts';

const tag = 'Auth';

export function accountsRoutes(context: Context): Route[] {
  const { issueAccessToken } = context;
  const { register } = registrationService(context);
  const login = loginService(context);
  return [
    route({
      method: 'post',
      path: '/api/auth/register',
      tag,
      summary: 'Register an account',
      description: 'The profile exists when this answers. Without a username one is made from the email.',
      access: 'public',
      limit: 'strict',
      body: Registration,
      responses: { 201: { description: 'The account and its first access token', schema: Registered } },
      problems: [emailTaken, usernameTaken],
      handler: async ({ body }) => {
        const { user, version } = await register(body);
        return { status: 201, body: { user, ...issueAccessToken({ ...user, version }) } };
      },
    }),
    route({
      method: 'post',
      path: '/api/auth/login',
      tag,
      summary: 'Log in',
      access: 'public',
      limit: 'strict',
      body: Login,
      responses: { 200: { description: 'An access token', schema: LoggedIn } },
      problems: [invalidCredentials, accountDeactivated],
      handler: async ({ body }) => {
        const user = await login(body);
        return { status: 200, body: { user, ...issueAccessToken(user) } };
      },
    }),
  ];
}
