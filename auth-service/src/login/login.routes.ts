import { route, type Route } from '@polyglot-notes/service-kit';
import { accountDeactivated, emailNotVerified, invalidCredentials } from '../credentials/problems.ts';
import { deviceOf } from '../sessions/session.model.ts';
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
      access: 'public',
      limit: 'strict',
      body: Login,
      responses: { 200: { description: 'The tokens of a new session', schema: LoggedIn } },
      problems: [invalidCredentials, accountDeactivated, emailNotVerified],
      handler: async ({ body, client }) => ({ status: 200, body: await logIn(body, deviceOf(client)) }),
    }),
  ];
}
