import { route, type Route } from '@polyglot-notes/service-kit';
import { accountDeactivated, emailNotVerified, invalidCredentials } from '../credentials/problems.ts';
import { deviceOf } from '../sessions/session.model.ts';
import { loginLocked } from '../login-locks/login-locks.ts';
import { LoggedIn, Login } from './login.schemas.ts';
import { createLogIn, type Dependencies } from './login.service.ts';

export function loginRoutes(dependencies: Dependencies): Route[] {
  const logIn = createLogIn(dependencies);
  return [
    route({
      method: 'post',
      path: '/api/auth/login',
      tag: 'Auth',
      summary: 'Log in',
      description:
        'After several wrong passwords, logins are refused with `login_locked` for a minute, then for longer, at most for five minutes. It is the same for an email without an account. Logins from a network where the account was used before count apart. A password reset by mail ends the lock.',
      access: 'public',
      limit: 'strict',
      body: Login,
      responses: { 200: { description: 'The tokens of a new session', schema: LoggedIn } },
      problems: [invalidCredentials, accountDeactivated, emailNotVerified, loginLocked],
      handler: async ({ body, client }) => ({ status: 200, body: await logIn(body, deviceOf(client)) }),
    }),
  ];
}
