import { route, type Route } from '@polyglot-notes/service-kit';
import { emailTaken, usernameTaken } from '../credentials/problems.ts';
import type { IssueAccessToken } from '../login/access-tokens.ts';
import { Registered, Registration } from './registration.schemas.ts';
import type { Register } from './registration.service.ts';

interface Dependencies {
  register: Register;
  issueAccessToken: IssueAccessToken;
}

export function registrationRoutes({ register, issueAccessToken }: Dependencies): Route[] {
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
      responses: { 201: { description: 'The account and its first access token', schema: Registered } },
      problems: [emailTaken, usernameTaken],
      handler: async ({ body }) => {
        const { user, accessVersion } = await register(body);
        const token = issueAccessToken({ ...user, accessVersion });
        return { status: 201, body: { user, ...token } };
      },
    }),
  ];
}
