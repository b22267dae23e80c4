import { route, type Route } from '@polyglot-notes/service-kit';
import { accountDeactivated, invalidCredentials } from '../credentials/problems.ts';
import type { IssueAccessToken } from './access-tokens.ts';
import { LoggedIn, Login } from './login.schemas.ts';
import { createLoginService } from './login.service.ts';

type Dependencies = Parameters<typeof createLoginService>[0] & { issueAccessToken: IssueAccessToken };

export function loginRoutes({ issueAccessToken, ...dependencies }: Dependencies): Route[] {
  const logIn = createLoginService(dependencies);
  return [
    route({
      method: 'post',
      path: '/api/auth/login',
      tag: 'Auth',
      summary: 'Log in',
      access: 'public',
      limit: 'strict',
      body: Login,
      responses: { 200: { description: 'An access token', schema: LoggedIn } },
      problems: [invalidCredentials, accountDeactivated],
      handler: async ({ body }) => {
        const user = await logIn(body);
        return { status: 200, body: { user, ...issueAccessToken(user) } };
      },
    }),
  ];
}
